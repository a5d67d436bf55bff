"""Everything built of an issue, written together or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from jianbao.model import Article, CheckedIssue, Edition

INDEX = "build.json"

#: Seconds after which an unfinished folder belongs to no build any more.
_ABANDONED = 3600


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is to be written: the editions, and the index that names it all."""

    issue: CheckedIssue
    editions: tuple[Edition, ...]
    counts: dict[str, int]

    def index(self) -> str:
        """Text of build.json; it holds nothing that changes from run to run."""
        issue = self.issue
        pages = {slug: page for e in self.editions for slug, page in e.first_pages.items()}
        fonts = {font.file: font.sha256 for e in self.editions for font in e.fonts}
        content = {
            "issue": issue.id,
            "number": issue.number,
            "total": issue.total,
            "date": issue.date.isoformat(),
            "artifacts": [
                {
                    "edition": artifact.edition,
                    "path": artifact.path,
                    "media_type": artifact.media_type,
                    "sha256": hashlib.sha256(artifact.content).hexdigest(),
                    **({} if artifact.pages is None else {"pages": artifact.pages}),
                }
                for edition in self.editions
                for artifact in edition.artifacts
            ],
            "items": [_item(article, pages) for article in issue.articles],
            "fonts": [{"file": file, "sha256": digest} for file, digest in fonts.items()],
            "diagnostics": self.counts,
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _item(article: Article, pages: dict[str, int]) -> dict[str, object]:
    entry: dict[str, object] = {
        "slug": article.slug,
        "title": article.title,
        "section": article.section,
        "source": article.attribution.source,
        "url": article.attribution.url,
    }
    if article.slug in pages:
        entry["page"] = pages[article.slug]
    return entry


def write_bundle(bundle: Bundle, output: Path) -> Path:
    """Write ``bundle`` as ``output/ID``, in place of the one before it.

    The new folder is complete before it takes its name. Should the machine stop
    between the two renames, the one before lies beside it and `recover` puts it back.

    Raises:
        UsageProblem: The folder cannot be written.
    """
    target = output / bundle.issue.id
    try:
        output.mkdir(parents=True, exist_ok=True)
        recover(target)
        _write(bundle, target)
    except OSError as error:
        hint = "用 --out 文件夹 指定一个可写的地方"
        raise UsageProblem(f"不能写入 {output}：{error.strerror}", hint) from error
    return target


def write_file(content: bytes, target: Path) -> Path:
    """Write ``content`` as ``target``, whole or not at all.

    Raises:
        UsageProblem: The folder cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as scratch:
            scratch.write(content)
        Path(scratch.name).chmod(0o644)  # a temporary file's is for its owner alone
        Path(scratch.name).replace(target)
    except OSError as error:
        hint = "检查这个文件夹的权限，或关闭打开着这个文件的程序"
        raise UsageProblem(f"不能写入 {target}：{error.strerror}", hint) from error
    return target


def _write(bundle: Bundle, target: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    try:
        scratch.chmod(0o755)  # mkdtemp's is for its owner alone
        for edition in bundle.editions:
            for artifact in edition.artifacts:
                file = scratch / artifact.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(artifact.content)
        (scratch / INDEX).write_text(bundle.index(), "utf-8")
        _exchange(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _before(target: Path) -> Path:
    return target.with_name(f".{target.name}.before")


def _exchange(scratch: Path, target: Path) -> None:
    before = _before(target)
    if target.exists():
        target.rename(before)
    try:
        scratch.rename(target)
    except OSError:
        recover(target)
        raise
    shutil.rmtree(before, ignore_errors=True)


def recover(target: Path) -> None:
    """Finish or undo an exchange that was cut off, and clear away what was never finished."""
    before = _before(target)
    if before.exists():
        if target.exists():
            shutil.rmtree(before)
        else:
            before.rename(target)
    for scratch in target.parent.glob(f".{target.name}.new-*"):
        # A younger one may belong to a build that is running.
        if time.time() - scratch.stat().st_mtime > _ABANDONED:
            shutil.rmtree(scratch, ignore_errors=True)
