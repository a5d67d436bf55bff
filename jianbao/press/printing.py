"""How each edition is printed: one value that the templates and the engine both follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from jianbao.model import CheckedIssue
    from jianbao.settings import PressSettings
    from jianbao.workspace import Workspace

#: Millimetres of colour beyond the trim; what printers in China and Europe ask for.
BLEED = 3.0
#: Millimetres of paper around the trim: the bleed, a gap, and the crop marks.
SLUG = 10.0
#: Sheets are folded once each way at least.
SIGNATURE = 4

#: ICC.1:2010 7.2: class and colour space of a profile, and the signature of them all.
_CLASS, _SPACE, _SIGNATURE = slice(12, 16), slice(16, 20), slice(36, 40)

_ASK = (
    "向印厂要输出特性文件，放进工作区，在 jianbao.toml 的 [press] 里写 "
    'icc = "文件的路径.icc" 和 output_condition = "印刷条件的名称，如 FOGRA39"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputIntent:
    """The printing condition that colours are meant for."""

    profile: bytes
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that a PDF was made of, to be attached to it."""

    name: str
    media_type: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How an edition is printed.

    ``bleed`` is in millimetres; 0 is a PDF of bare pages, for screens. ``intent`` goes
    with CMYK. ``dated`` is the date of the attached ``sources``.
    """

    edition: str = "pdf"
    suffix: str = ""
    variant: str = "pdf/ua-1"
    tagged: bool = True
    bleed: float = 0.0
    intent: OutputIntent | None = None
    sources: tuple[SourceFile, ...] = ()
    dated: date | None = None

    @property
    def slug(self) -> float:
        """Millimetres of paper around the trim."""
        return SLUG if self.bleed else 0.0


def plan_printing(
    edition: str, issue: CheckedIssue, folder: Path, workspace: Workspace
) -> Printing:
    """How ``edition`` of ``issue``, which lies in ``folder``, is printed.

    Raises:
        UsageProblem: The configuration lacks what the edition needs.
    """
    return _PLANS[edition](issue, folder, workspace)


def _for_screens(_issue: CheckedIssue, _folder: Path, _workspace: Workspace) -> Printing:
    return Printing()


def _for_the_press(issue: CheckedIssue, _folder: Path, _workspace: Workspace) -> Printing:
    return Printing(
        edition="print",
        suffix="-付印",
        variant="pdf/x-4",
        tagged=False,
        bleed=BLEED,
        intent=_intent(issue.press),
    )


def _for_the_archive(issue: CheckedIssue, folder: Path, workspace: Workspace) -> Printing:
    return Printing(
        edition="archive",
        suffix="-存档",
        variant="pdf/a-3a",
        sources=tuple(sorted(_sources(issue, folder, workspace), key=lambda s: s.name)),
        dated=issue.date,
    )


_PLANS: dict[str, Callable[[CheckedIssue, Path, Workspace], Printing]] = {
    "pdf": _for_screens,
    "print": _for_the_press,
    "archive": _for_the_archive,
}


def _intent(press: PressSettings) -> OutputIntent:
    if press.icc is None:
        raise UsageProblem("付印版要有 CMYK 的 ICC 输出特性文件", _ASK)
    profile = press.icc.read_bytes()
    if profile[_SIGNATURE] != b"acsp" or profile[_CLASS] != b"prtr":
        raise UsageProblem(f"{press.icc.name} 不是印刷机的 ICC 输出特性文件", _ASK)
    if profile[_SPACE] != b"CMYK":
        space = profile[_SPACE].decode("ascii", "replace").strip()
        raise UsageProblem(f"{press.icc.name} 是 {space} 的，付印要 CMYK 的", _ASK)
    return OutputIntent(profile=profile, condition=press.output_condition)


def _sources(issue: CheckedIssue, folder: Path, workspace: Workspace) -> list[SourceFile]:
    """issue.toml and the Markdown of each article.

    Media types are written out: what a machine thinks of ``.toml`` is its own affair.
    """
    head = folder / "issue.toml"
    files = [
        SourceFile(
            name=head.name,
            media_type="application/toml",
            description="本期的期号、日期与次序",
            content=head.read_bytes(),
        )
    ]
    for article in issue.articles:
        file = workspace.root / article.body.path
        files.append(
            SourceFile(
                name=file.name,
                media_type="text/markdown",
                description=article.title,
                content=file.read_bytes(),
            )
        )
    return files
