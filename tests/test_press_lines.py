"""Composition of Chinese lines: flush at both edges, with gaps that are no characters."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pdfs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspaces import ITEM, item_text, make_workspace

from jianbao.press import composition
from jianbao.press.composition import (
    CLOSING,
    OPENING,
    chinese_lines,
    expandable,
    gaps,
    letter_features,
)
from jianbao.press.spacing import Neighbours, space_text

if TYPE_CHECKING:
    from pathlib import Path

#: Edges of the type area and the size of a character, in points.
_LEFT, _RIGHT, _EM = 51.59, 543.69, 12.0

_TEXT = "数据要素市场化配置改革，既要“放得活”，又要“管得住”；建立健全制度、规则和标准（试行）。" * 9
_MIXED = "到2027年，实现AI应用覆盖率达到78%以上、DeepSeek-R1等100个模型落地。" * 9
_BOLD = "**一是明确范围。**各地区结合2025年的实际，**推动GPU算力**和数据资源统筹。" * 9


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text by its edges in points."""

    left: float
    right: float


def print_body(folder: Path, body: str) -> Path:
    """The PDF of an issue whose one article is ``body``."""
    root = make_workspace(folder / "workspace", {ITEM: item_text(f"{body}\n")})
    return pdfs.print_issue(root / "issues/2025-04", folder / "output").pdf


def lines_of(pdf: Path) -> list[Line]:
    """Lines of the article's text, those of its head and foot left out."""
    page = next(page for page in pdfs.words(pdf)[4:] if page)
    text = [w for w in page if w.y > 140 and w.bottom - w.y > 16 and w.bottom < 780]
    rows = groupby(sorted(text, key=lambda w: w.bottom), lambda w: round(w.bottom))
    return [
        Line(min(w.x for w in row), max(w.right for w in row))
        for row in (list(words) for _, words in rows)
    ]


# -- edges --


@pytest.mark.parametrize("body", [_TEXT, _MIXED, _BOLD], ids=["marks", "mixed", "bold"])
def test_every_line_but_the_last_is_flush_at_both_edges(tmp_path: Path, body: str) -> None:
    first, *rest, last = lines_of(print_body(tmp_path, body))

    assert first.left == pytest.approx(_LEFT + 2 * _EM, abs=0.3)
    for line in (*rest, last):
        assert line.left == pytest.approx(_LEFT, abs=0.3)
    for line in (first, *rest):
        assert line.right == pytest.approx(_RIGHT, abs=1.0)
    assert last.right < _RIGHT


@pytest.mark.parametrize("body", [_MIXED, _BOLD], ids=["mixed", "bold"])
def test_a_gap_at_the_end_of_a_line_is_dropped(tmp_path: Path, body: str) -> None:
    *lines, _last = lines_of(print_body(tmp_path, body))

    assert min(line.right for line in lines) == pytest.approx(_RIGHT, abs=0.4)


def test_a_line_does_not_start_with_a_gap(tmp_path: Path) -> None:
    # 39 characters fill the first line behind the indent, and the bold ones start the last.
    first, last = lines_of(print_body(tmp_path, "国" * 39 + "**2025**年"))

    assert first.right == pytest.approx(_RIGHT, abs=0.05)
    assert last.left == pytest.approx(_LEFT, abs=0.05)


def test_the_last_line_is_not_stretched(tmp_path: Path) -> None:
    (line,) = lines_of(print_body(tmp_path, "国国国国国国国国"))

    assert line.right - line.left == pytest.approx((8 + len("（来源：国家数据局）")) * _EM, abs=0.3)


@pytest.mark.parametrize(
    ("body", "apart", "gaps"),
    [
        ("国25国", "国|25|国", 2),
        ("国2国", "国|2|国", 2),
        ("25国", "25|国", 1),
        ("国**25**国", "国|**25**|国", 2),
        ("**国**2**国**", "**国**|2|**国**", 2),
        ("国—2国—国2—国", "国—2|国—国|2—国", 2),
        ("国 2", "国| 2", 0),
        ("国，25。", "国，|25|。", 0),
    ],
)
def test_a_gap_to_han_is_an_eighth_of_an_em(
    tmp_path: Path, body: str, apart: str, gaps: int
) -> None:
    (line,) = lines_of(print_body(tmp_path / "line", body))
    # A zero-width space has no width and is not Han.
    (other,) = lines_of(print_body(tmp_path / "other", apart.replace("|", "\u200b")))

    assert line.right - other.right == pytest.approx(gaps * _EM / 8, abs=0.05)


def test_adjacent_marks_share_their_white(tmp_path: Path) -> None:
    apart, together = (
        lines_of(print_body(tmp_path / name, body))[0].right
        for name, body in (("apart", "《国》国、《国》国"), ("together", "《国》、《国》国国"))
    )

    # 》、《 is three squares wide apart, and two together.
    assert apart - together == pytest.approx(_EM / 2, abs=0.1)


def test_a_paragraph_does_not_end_in_a_line_of_one_character(tmp_path: Path) -> None:
    # 39 characters fill the first line behind the indent, and the 40th is the last.
    body = "国" * 40 + "\n\n末段。"

    first, second, *_ = lines_of(print_body(tmp_path, body))

    assert second.right - second.left == pytest.approx(2 * _EM, abs=0.3)
    assert first.right == pytest.approx(_RIGHT, abs=0.3)


def test_other_versions_of_weasyprint_are_left_alone() -> None:
    class Other:
        __version__ = "70.1"

    with chinese_lines(Other) as possible:
        assert not possible


def test_nothing_stays_replaced() -> None:
    import weasyprint  # noqa: PLC0415  (checking must not import it)
    from weasyprint.layout import inline  # noqa: PLC0415

    before = inline.justify_line
    with chinese_lines(weasyprint) as possible:
        assert possible
        assert inline.justify_line != before

    assert inline.justify_line is before


def test_the_version_that_is_known_is_the_one_required() -> None:
    requirements = (pdfs.REPOSITORY / "requirements.txt").read_text("utf-8")

    assert f"weasyprint=={composition.KNOWN_VERSION} " in requirements


# -- where a line may be opened --


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("国", "家"),
        ("国", "A"),
        ("5", "年"),
        ("，", "国"),
        ("国", "（"),
        (" ", "a"),
    ],
)
def test_lines_are_opened_between_characters(before: str, after: str) -> None:
    assert expandable(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [("a", "b"), ("2", "0"), ("国", "，"), ("（", "国"), ("国", "》"), ("—", "—"), ("…", "…")],
)
def test_lines_are_not_opened_within_words_or_before_marks(before: str, after: str) -> None:
    assert not expandable(before, after)


@given(st.lists(st.text(st.sampled_from("国家ab12，。（）《》 “”"), max_size=8), max_size=5))
def test_gaps_are_the_same_however_the_line_is_cut_into_texts(texts: list[str]) -> None:
    whole = "".join(texts)
    ends = {}
    offset = 0
    for number, text in enumerate(texts):
        for start in gaps(texts)[number]:
            ends[offset + start] = 0
        offset += len(text.encode())

    assert ends == (gaps([whole])[0] if whole else {})


@given(st.sampled_from(sorted(CLOSING)), st.sampled_from(sorted(OPENING)))
def test_marks_hold_on_to_their_text(closing: str, opening: str) -> None:
    assert not expandable("国", closing)
    assert not expandable(opening, "国")


# -- marks in the HTML --


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国家", "国家"),
        ("国A家", "国A家"),  # within one style the line itself knows
        ("a<b", "a&lt;b"),
        ("集群—数据", '集<span class="hold">群—</span>数据'),
        ("数据——国家", "数据——国家"),
        ("Don’t", 'Don<span class="apostrophe">’</span>t'),
        ("“引”", "“引”"),
    ],
)
def test_marks_of_a_text_of_one_style(text: str, expected: str) -> None:
    assert space_text(text, Neighbours()) == expected


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (Neighbours(after="A"), "国家"),  # the gap belongs to the letter
        (Neighbours(after="，"), "国家"),
        (Neighbours(before="A"), "国家"),
        (Neighbours(ends=True), "国&#x2060;家"),
    ],
)
def test_marks_where_the_style_changes(around: Neighbours, expected: str) -> None:
    assert space_text("国家", around) == expected


def test_the_end_of_a_paragraph_keeps_its_mark() -> None:
    shown = space_text("A国家。", Neighbours(ends=True))

    assert shown == "A国&#x2060;家。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国家", []),
        ("国A", [(3, 4, b"GAPL")]),
        ("Ab国", [(1, 2, b"GAPR")]),
        ("年2月25日", [(3, 4, b"GAPL,GAPR"), (7, 8, b"GAPL"), (8, 9, b"GAPR")]),
        ("\u2063A", [(3, 4, b"GAPL")]),
        ("国 A，b", []),
        ("α国", [(0, 2, b"GAPR")]),
    ],
)
def test_letters_beside_han_have_a_gap_on_that_side(
    text: str, expected: list[tuple[int, int, bytes]]
) -> None:
    assert letter_features(text) == expected


@given(st.text(st.sampled_from("国家Ab1—’“”。<&"), max_size=20), st.booleans())
def test_only_tags_are_added(text: str, ends: bool) -> None:  # noqa: FBT001  (hypothesis gives it)
    shown = space_text(text, Neighbours(ends=ends))

    plain = re.sub('<span class="(hold|squeeze|apostrophe)">|</span>|&#x2060;|\u2063', "", shown)
    assert html.unescape(plain) == text
    assert "<" not in plain
