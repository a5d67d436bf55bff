"""An issue as mail: what `check` let through and `build` made, composed for its readers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jianbao import pipeline
from jianbao.deliver.letters.contents import contents_of
from jianbao.deliver.letters.letter_templates import mail_templates
from jianbao.deliver.letters.message import Attachment, Copy, compose, message_id
from jianbao.deliver.letters.reader_codes import LENGTH, reader_code
from jianbao.deliver.letters.size_limits import size_warning
from jianbao.deliver.letters.stamp import MarkedPdf, place_marks
from jianbao.deliver.readers.tokens import Purpose, make_token
from jianbao.delivery import Attach, Mailbox
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from jianbao.deliver.campaigns.claims import Claim
    from jianbao.deliver.letters.dkim import Signer
    from jianbao.deliver.letters.message import Letter, Pieces
    from jianbao.diagnostics import Diagnostic
    from jianbao.post_room.delivering import PostRoom

_INDEX = "build.json"
_REGULAR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """The letter of an issue, ready for its readers. ``content`` is the PDF's SHA-256."""

    room: PostRoom
    issue: str
    letter: Letter
    content: str
    file_name: str
    warnings: tuple[str, ...]

    @property
    def sender(self) -> Mailbox:
        """Who it is from."""
        assert self.room.settings.sender is not None  # noqa: S101  (`compose` asked for it)
        return self.room.settings.sender

    def message_id(self, reader: int) -> str:
        """Of the message to ``reader``: the same at each attempt."""
        key = self.room.keys.current
        return message_id(key, self.issue, str(reader), self.sender.domain)

    def pieces(self, claim: Claim, date: datetime) -> Pieces:
        """The data of the message of ``claim``."""
        stamped = self.room.settings.stamp
        key = self.room.keys.current
        return self.letter.copy_for(
            Copy(
                to=Mailbox(address=claim.address, name=claim.name),
                message_id=claim.message_id,
                date=date,
                code=reader_code(key, self.issue, str(claim.reader)) if stamped else "",
                unsubscribe_url=self.page_of(claim.reader),
            )
        )

    def page_of(self, reader: int) -> str:
        """The address of the reader's own page; "" where none are served."""
        base = self.room.settings.base_url
        token = make_token(self.room.keys.current, Purpose.READER, reader)
        return f"{base}/r/{token}" if base else ""


def prepare(room: PostRoom, folder: Path, today: date) -> Mailing | tuple[Diagnostic, ...]:
    """The mailing of the issue in ``folder``, or what keeps it from going out.

    Raises:
        UsageProblem: It is not built, or its letter cannot be composed.
    """
    checked = pipeline.check(room.workspace, folder, today)
    if checked.issue is None:
        return checked.diagnostics
    if checked.issue.unsigned:
        return (*checked.diagnostics, *checked.issue.unsigned)
    index, pdf, name = _built(room.workspace.output / folder.name)
    pages = {item["slug"]: item["page"] for item in index["items"] if "page" in item}
    templates = mail_templates((folder / "templates", room.workspace.root / "templates"))
    marked = place_marks(pdf, _face()) if room.settings.stamp else MarkedPdf(pdf)
    signer = signer_of(room)
    letter = compose(
        contents_of(checked.issue, pages),
        room.settings,
        templates,
        Attachment(file_name=name, pdf=marked),
        signer=signer,
    )
    return Mailing(
        room=room,
        issue=folder.name,
        letter=letter,
        content=hashlib.sha256(pdf).hexdigest(),
        file_name=name,
        warnings=tuple(_warnings(room, folder, len(pdf))),
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """A message as it would go out: its header fields, and the bytes of all of it."""

    headers: str
    size: int


def sample_of(mailing: Mailing, date: datetime) -> Sample:
    """A message to the sender's own address, whose links lead nowhere."""
    copy = Copy(
        to=mailing.sender,
        message_id=mailing.message_id(0),
        date=date,
        code="0" * LENGTH if mailing.room.settings.stamp else "",
        unsubscribe_url=mailing.page_of(0),
    )
    head = bytes(mailing.letter.copy_for(copy)[0]).decode("ascii")
    return Sample(head.replace("\r\n", "\n").rstrip("\n"), mailing.letter.size_for(copy))


def signer_of(room: PostRoom) -> Signer | None:
    """Who signs, where it is not left to the mail server."""
    dkim, sender = room.settings.dkim, room.settings.sender
    if dkim is None or sender is None:
        return None
    from jianbao.deliver.letters.dkim import read_signer  # noqa: PLC0415  (only who signs needs dkimpy)

    file = room.workspace.root / Path(dkim.key_file).expanduser()
    return read_signer(dkim, file, sender.domain)


def _face() -> bytes:
    """The font that marks are set in: the sans of the working set, which issues are set in."""
    from jianbao.press.fonts import FACES, find_working_set, make_working_set  # noqa: PLC0415  (only stamping pays)

    fonts = find_working_set() or make_working_set()
    face = next(one for one in FACES if one.family == "Jianbao Hei" and one.weight == _REGULAR)
    return (fonts.folder / face.file).read_bytes()


def _built(output: Path) -> tuple[dict[str, Any], bytes, str]:
    """build.json, the PDF and its name.

    Raises:
        UsageProblem: They are not there, or the PDF is not the one that was built.
    """
    hint = f"运行 jianbao build {output.name}"
    try:
        index = json.loads((output / _INDEX).read_text("utf-8"))
        entry = next(one for one in index["artifacts"] if one["edition"] == "pdf")
        content = (output / entry["path"]).read_bytes()
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise UsageProblem(f"{output.name} 还没有生成 PDF", hint) from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise UsageProblem(f"{entry['path']} 在生成以后被改动过", hint)
    return index, content, entry["path"]


def _warnings(room: PostRoom, folder: Path, pdf: int) -> Iterator[str]:
    built = (room.workspace.output / folder.name / _INDEX).stat().st_mtime
    newer = [file.name for file in sorted(folder.glob("*.md")) if file.stat().st_mtime > built]
    if newer:
        yield f"生成以后又改过 {'、'.join(newer)}；要送新的，先运行 jianbao build {folder.name}"
    if room.settings.attach is Attach.PDF and (large := size_warning(pdf)):
        yield large
    if not room.settings.base_url:
        yield "没有写 base_url，信里没有退订的链接，读者只能写信退订"
