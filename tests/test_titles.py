"""Titles in lines: by sense, as few as can be, no mark astray."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jianbao.press.titles import break_title, length

_WIDTH = 27.0

#: Titles of issue 217 and how they stand over their articles; the lines of six of them
#: were given by their editors in the original.
_ISSUE_217 = {
    "《江苏省数据条例》发布": ["《江苏省数据条例》发布"],
    "国家数据局就《数据领域常用名词解释（第二批）》公开征求意见": [
        "国家数据局就《数据领域常用名词解释（第二批）》",
        "公开征求意见",
    ],
    "工信部等十四部门发布关于加强极端场景应急通信能力建设的意见": [
        "工信部等十四部门发布关于加强",
        "极端场景应急通信能力建设的意见",
    ],
    "江苏发布可信数据空间发展工作方案": ["江苏发布可信数据空间发展工作方案"],
    "中国信通院发布《专精特新中小企业数字化转型研究报告（2024年）》": [
        "中国信通院发布",
        "《专精特新中小企业数字化转型研究报告（2024年）》",
    ],
    "美国参议员提出《2025年美国人工智能能力与中国脱钩法案》": [
        "美国参议员提出",
        "《2025年美国人工智能能力与中国脱钩法案》",
    ],
    "《贵阳市市级政务云服务统筹管理办法（试行）（征求意见稿）》公开征求意见": [
        "《贵阳市市级政务云服务统筹管理办法（试行）",
        "（征求意见稿）》公开征求意见",
    ],
}
#: The same on the cover, where lines are half as long.
_COVERS = {
    "国家发展改革委 国家数据局出台三份公共数据资源政策文件": [
        "国家发展改革委 国家数据局",
        "出台三份公共数据资源政策文件",
    ],
    "河北发布数字技术赋能制造业高质量发展实施方案": [
        "河北发布数字技术赋能",
        "制造业高质量发展实施方案",
    ],
    "北京发布公共数据资源开发利用实施政策（征求意见稿）": [
        "北京发布公共数据资源开发",
        "利用实施政策（征求意见稿）",
    ],
    "欧盟发布《人工智能法》禁止的人工智能行为指南": [
        "欧盟发布《人工智能法》",
        "禁止的人工智能行为指南",
    ],
}

#: Longer ones of the same kind, where a line's length would part a word.
_WORDS = {
    "工业和信息化部办公厅关于组织开展2025年未来产业创新任务揭榜挂帅工作的通知": [
        "工业和信息化部办公厅关于",
        "组织开展2025年未来产业",
        "创新任务揭榜挂帅工作的通知",
    ],
    "贵州省大数据发展管理局关于公布2025年数字经济重点项目名单的公告": [
        "贵州省大数据发展管理局",
        "关于公布2025年数字",
        "经济重点项目名单的公告",
    ],
    "广东省政务服务和数据管理局公开征求《广东省公共数据授权运营管理办法》意见": [
        "广东省政务服务和数据管理局",
        "公开征求《广东省公共数据",
        "授权运营管理办法》意见",
    ],
    "四川省人民政府关于进一步推进数据要素市场化配置改革的实施意见": [
        "四川省人民政府关于",
        "进一步推进数据要素",
        "市场化配置改革的实施意见",
    ],
    "斯坦福大学发布《2025年人工智能指数报告》": [
        "斯坦福大学发布",
        "《2025年人工智能指数报告》",
    ],
}


def squash(text: str) -> str:
    """``text`` with single spaces between words, none beside a mark."""
    return re.sub(r" ?([^\w ]) ?", r"\1", " ".join(text.split()))


_HAN = st.text(
    st.sampled_from("国家数据局发布关于加强公共资源的意见就第一批实施方案"), min_size=1, max_size=12
)
_LATIN = st.text(st.sampled_from("ABCdefgXyz"), min_size=1, max_size=8)
_NUMBERS = st.from_regex(r"[1-9][0-9]{0,3}(,[0-9]{3})?(\.[0-9]{1,2})?%?", fullmatch=True)
_PIECES = st.one_of(
    _HAN,
    _LATIN,
    _NUMBERS,
    _HAN.map("《{}》".format),
    _HAN.map("（{}）".format),
    _HAN.map("“{}”".format),
    st.sampled_from([" ", "，", "、", "：", "——"]),
)
_TITLES = st.lists(_PIECES, min_size=1, max_size=8).map("".join).map(squash).filter(bool)
_QUICK = settings(deadline=None, max_examples=50)
_WIDTHS = st.floats(12.0, 30.0)


@pytest.mark.parametrize(("title", "lines"), _ISSUE_217.items())
def test_titles_of_issue_217_break_as_an_editor_would(title: str, lines: list[str]) -> None:
    assert list(break_title(title, _WIDTH)) == lines


@pytest.mark.parametrize(("title", "lines"), _COVERS.items())
def test_headlines_of_the_cover_break_as_an_editor_would(title: str, lines: list[str]) -> None:
    assert list(break_title(title, 14.0)) == lines


@pytest.mark.parametrize(("title", "lines"), _WORDS.items())
def test_long_headlines_keep_words_and_years_whole(title: str, lines: list[str]) -> None:
    assert list(break_title(title, 14.0)) == lines


def test_a_title_that_fits_is_one_line_without_the_spaces_around_it() -> None:
    assert break_title(" 短标题 ", 3.0) == ("短标题",)


def test_a_title_without_a_place_to_break_is_one_line() -> None:
    assert break_title("Donaudampfschifffahrtsgesellschaft", 10.0) == (
        "Donaudampfschifffahrtsgesellschaft",
    )


def test_a_han_character_is_as_wide_as_two_of_a_number() -> None:
    assert length("国家") == 2.0
    assert length("“——”") == 4.0
    assert length("2025") == pytest.approx(2.2)


@given(_TITLES, _WIDTHS)
@_QUICK
def test_nothing_but_a_space_is_lost_between_the_lines(title: str, width: float) -> None:
    lines = break_title(title, width)

    at = 0
    for line in lines:
        at += len(title[at:]) - len(title[at:].lstrip())
        assert title.startswith(line, at)
        at += len(line)
    assert not title[at:].strip()


@given(_TITLES, _WIDTHS)
@_QUICK
def test_a_line_of_several_is_no_longer_than_allowed(title: str, width: float) -> None:
    lines = break_title(title, width)

    if len(lines) == 1:
        assume(length(title) <= width)
    assert all(line and length(line) <= width for line in lines)


@given(_TITLES, _WIDTHS)
@_QUICK
def test_no_two_lines_would_fit_into_one(title: str, width: float) -> None:
    lines = break_title(title, width)

    # A space at the break may have been dropped.
    assert all(length(f"{before} {after}") > width for before, after in pairwise(lines))


@given(_TITLES, _WIDTHS)
@_QUICK
def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(
    title: str, width: float
) -> None:
    lines = break_title(title, width)

    assert not [line for line in lines[1:] if line[0] in "，。；：！？、）》〉】”’…—·％%"]
    assert not [line for line in lines[:-1] if line[-1] in "（《〈【“‘"]


@given(_TITLES, _WIDTHS)
@_QUICK
def test_numbers_and_latin_words_stay_whole(title: str, width: float) -> None:
    words = re.findall(r"[A-Za-z]+|[0-9][0-9.,]*%?", title)

    shown = re.findall(r"[A-Za-z]+|[0-9][0-9.,]*%?", "\n".join(break_title(title, width)))

    assert shown == words


@pytest.mark.parametrize(
    "title", ["关于「数据要素」的办法和〔2024〕十五号文件", "甲乙『丙丁』戊己庚辛壬癸［一二］三四"]
)
def test_brackets_of_every_kind_stay_with_their_text(title: str) -> None:
    for width in range(3, 20):
        lines = break_title(title, width)
        assert not [line for line in lines[1:] if line[0] in "」』〕］"]
        assert not [line for line in lines[:-1] if line[-1] in "「『〔［"]


@pytest.mark.parametrize("word", ["Don’t", "Café", "Zürich"])
def test_words_with_accents_and_apostrophes_stay_whole(word: str) -> None:
    title = f"关于{word}的报告与数据政策文件解读说明"

    for width in range(4, 20):
        assert any(word in line for line in break_title(title, width))


@pytest.mark.parametrize(
    "title", ["国家数据局意见 ——一二三", "国家数据局意见 ，一二三", "国家数据（ 试行办法）"]
)
def test_a_space_does_not_let_a_mark_stray(title: str) -> None:
    for width in range(4, 12):
        lines = break_title(title, width)
        assert not [line for line in lines[1:] if line[0] in "，—"]
        assert not [line for line in lines[:-1] if line[-1] == "（"]
