"""审签记录 review.jsonl: a line for each signature and each recorded ignore.

JSON Lines, since a file that only ever grows by a line is what git merges and shows best.
"""

from __future__ import annotations

import hashlib
import json
from codecs import BOM_UTF8
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jianbao.diagnostics import Code, Diagnostic
from jianbao.frozen import dataclass
from jianbao.load.text import read_text
from jianbao.reviews import RecordedIgnore, ReviewRecord, Signature, Stage
from jianbao.spans import Span
from jianbao.workspace import CONFIGURATION, REVIEW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jianbao.model import BackMatter, Image, Item, Masthead, Publication
    from jianbao.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Content:
    """What a reviewer reads of an issue."""

    head: str  # the path of issue.toml
    cover: tuple[Image, ...]  # its picture, if it has one
    items: tuple[Item, ...]
    back_matter: tuple[BackMatter, ...]
    publication: Publication
    masthead: Masthead


def read_record(
    workspace: Workspace, folder: Path, content: Content
) -> tuple[ReviewRecord, tuple[Diagnostic, ...]]:
    """The record of the issue in ``folder``, which is empty where there is no file."""
    file = folder / REVIEW
    path = workspace.relative(file)
    digests = _digests(workspace, content)
    if not file.exists():
        return ReviewRecord(path=path, digests=digests), ()
    text, problems = read_text(file, path, workspace.read)
    signatures: list[Signature] = []
    ignores: list[RecordedIgnore] = []
    wrong: list[Diagnostic] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        span = Span.on_line(number, 1, len(line))
        try:
            entry = _entry(json.loads(line), span)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            hint = "从版本库恢复这一行；签字用 jianbao sign，不手写"
            message = "审签记录的这一行读不懂"
            wrong.append(Diagnostic(Code.REVIEW_INVALID, path, span, message, hint))
            continue
        (signatures if isinstance(entry, Signature) else ignores).append(entry)  # type: ignore[arg-type]  # one list for each type
    record = ReviewRecord(
        path=path, digests=digests, signatures=tuple(signatures), ignores=tuple(ignores)
    )
    return record, problems + tuple(wrong)


def _entry(values: dict[str, Any], span: Span) -> Signature | RecordedIgnore:
    """A line as what it records; any of several exceptions where it is none."""
    at = datetime.fromisoformat(values["at"])
    if "stage" in values:
        found = values.get("found")
        return Signature(
            stage=Stage(values["stage"]),
            by=_words(values["by"]),
            at=at,
            digests={_words(path): _words(digest) for path, digest in values["sha256"].items()},
            note=str(values.get("note", "")),
            found=None if found is None else int(found),
        )
    return RecordedIgnore(
        file=_words(values["file"]),
        code=_words(values["ignore"]),
        span=span,
        by=_words(values["by"]),
        reason=_words(values["reason"]),
        at=at,
    )


def _words(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def signature_line(signature: Signature) -> str:
    """``signature`` as a line of the file."""
    optional = {"note": signature.note or None, "found": signature.found}
    return _line(
        {
            "stage": signature.stage.value,
            "by": signature.by,
            "at": signature.at.isoformat(),
            **{key: value for key, value in optional.items() if value is not None},
            "sha256": dict(signature.digests),
        }
    )


def ignore_line(ignore: RecordedIgnore) -> str:
    """``ignore`` as a line of the file."""
    return _line(
        {
            "ignore": ignore.code,
            "file": ignore.file,
            "by": ignore.by,
            "reason": ignore.reason,
            "at": ignore.at.isoformat(),
        }
    )


def _line(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def _digests(workspace: Workspace, content: Content) -> dict[str, str]:
    """SHA-256 of what is printed, by the file that says it.

    That of a text covers its images; that of jianbao.toml only the names and the
    masthead, since its other tables change no word.
    """
    bodies = (*(item.body for item in content.items), *(page.body for page in content.back_matter))
    texts = {body.path: _of_text(workspace, body.path, body.images) for body in bodies}
    printed = [asdict(content.publication), asdict(content.masthead)]
    names = json.dumps(printed, ensure_ascii=False, sort_keys=True).encode()
    head = {content.head: _of_text(workspace, content.head, content.cover)}
    return {**head, CONFIGURATION: hashlib.sha256(names).hexdigest(), **texts}


def _of_text(workspace: Workspace, path: str, images: tuple[Image, ...]) -> str:
    """A line end of Windows or a BOM, which git may add, is no edit."""
    data = _bytes(workspace, workspace.root / path).removeprefix(BOM_UTF8)
    digest = hashlib.sha256(data.replace(b"\r\n", b"\n"))
    for image in images:
        digest.update(hashlib.sha256(_bytes(workspace, image.file) if image.file else b"").digest())
    return digest.hexdigest()


def _bytes(workspace: Workspace, file: Path) -> bytes:
    try:
        return workspace.read(file)
    except (OSError, ValueError):  # reported where it is read for print
        return b""
