"""What stands on the cover besides names and numbers: the lead headline and a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.press.assets import add_image
from jianbao.press.titles import break_title, ends_by_sense, length

if TYPE_CHECKING:
    from jianbao.model import Cover
    from jianbao.press.assets import Assets

#: Of the headline in points, best first; a smaller one holds more in a line.
SIZES = (30.0, 26.0, 22.0, 19.0)
#: Of the headline's lines in points: 14 characters of the largest size.
WIDTH = 420.0
#: More lines are no headline.
MOST_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineView:
    """The lead headline as templates see it; ``size`` is in points."""

    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverView:
    """The picture on the cover as templates see it."""

    src: str
    alt: str
    credit: str


def set_headline(headline: str) -> HeadlineView:
    """``headline`` in at most three lines that end by sense, as large as that allows.

    Where no size does both, three lines at the largest size come first.
    """
    views = [HeadlineView(lines=break_title(headline, WIDTH / s), size=s) for s in SIZES]
    few = [view for view in views if len(view.lines) <= MOST_LINES and _fits(view)]
    whole = [view for view in few if ends_by_sense(headline, view.lines)]
    return (whole or few or views[-1:])[0]


def _fits(view: HeadlineView) -> bool:
    return all(length(line) * view.size <= WIDTH for line in view.lines)


def set_cover(cover: Cover, assets: Assets) -> CoverView:
    """``cover`` with its picture brought among the assets."""
    file = cover.image.file
    assert file is not None  # noqa: S101  (narrowing: check refuses images without a file)
    return CoverView(src=add_image(file, assets), alt=cover.alt, credit=cover.credit)
