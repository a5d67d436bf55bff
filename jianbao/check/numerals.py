"""Figures, dates and numbers of documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import manuscript_rule, prose_rule
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.prose import Manuscript
    from jianbao.model import Issue

_DOCUMENT = pattern(
    rf"(?<={ONE_HAN}) ?[\[(（【［]\s*(?P<year>(?:19|20)\d\d)\s*[\])）】］] ?"
    r"(?P<number>第?\d{1,5}号)"
)


@prose_rule(
    Code.DOCUMENT_NUMBER,
    clause="GB/T 9704—2012",
    bad="依据国发[2022]14号文件。",
    good="依据国发〔2022〕14号文件，（2024）渝01民终14号案。",
)
def document_numbers(prose: Prose) -> Iterator[Finding]:
    """The year of a document's number stands in 〔〕."""
    if "号" not in prose.text:
        return
    for found in _DOCUMENT.finditer(prose.text):
        meant = f"〔{found['year']}〕{found['number']}"
        message = f"发文字号的年份用六角括号：{found.group().strip()}"
        yield Finding(*found.span(), message, f"改为 {meant}", replacement=meant)


_UNIT = r"(?:[%％‰亿万年个月日项家倍岁天米元吨]|小时|分钟|公里|千米|平方|公顷)"
_RANGE = pattern(
    rf"(?<![\d.\-A-Za-z/])(?P<low>\d{{1,4}}(?:\.\d+)?[%％]?)(?:--?|~)"
    rf"(?P<high>\d{{1,4}}(?:\.\d+)?(?={_UNIT}))"
)


@prose_rule(
    Code.NUMERAL_RANGE,
    clause="GB/T 15834—2011 4.13",
    bad="增长10-20个百分点，实施期为2025-2027年。",
    good="增长10～20个百分点，实施期为2025—2027年，电话0851-86798090，2025-02-10。",
)
def ranges(prose: Prose) -> Iterator[Finding]:
    """A hyphen or an ASCII tilde between two figures of a range."""
    if "-" not in prose.text and "~" not in prose.text:
        return
    for found in _RANGE.finditer(prose.text):
        start, end = found.end("low"), found.start("high")
        message = f"数值范围用了 {prose.text[start:end]}：{found.group()}"
        yield Finding(start, end, message, "改为 —（或 ～）", replacement="—")


_THOUSANDS = pattern(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?=[万亿])")


@prose_rule(
    Code.NUMERAL_GROUPED,
    clause="GB/T 15835—2011 5.1",
    bad="收入超过1,500亿元。",
    good="收入超过1500亿元，用户1,234,567人。",
)
def grouped(prose: Prose) -> Iterator[Finding]:
    """Commas of thousands before 万 or 亿, which are themselves a grouping."""
    if "," not in prose.text:
        return
    for found in _THOUSANDS.finditer(prose.text):
        plain = found.group().replace(",", "")
        message = f"带“万”“亿”的数不再用千分撇：{found.group()}"
        yield Finding(*found.span(), message, f"改为 {plain}", replacement=plain)


_SHORT_YEAR = pattern(
    rf"(?:(?<![\d.])(?<!{ONE_HAN})|(?<=[于自至]))['’‘]?\d{{2}}年(?=(?:1[0-2]|0?[1-9])月(?!份?[后前内间]))"
)


@prose_rule(
    Code.YEAR_SHORT,
    clause="GB/T 15835—2011 5.1",
    bad="25年1月，《条例》施行。",
    good="2025年1月施行，历时25年，为期10年3个月。",
)
def short_years(prose: Prose) -> Iterator[Finding]:
    """A year of two digits before a month."""
    if "年" not in prose.text:
        return
    for found in _SHORT_YEAR.finditer(prose.text):
        message = f"年份写全四位：{found.group()}"
        yield Finding(*found.span(), message, "补上世纪，如 2025年")


_DOTTED = pattern(
    r"(?<![\d.A-Za-z])(?P<year>(?:19|20)\d\d)\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?![\d.])"
)


@prose_rule(
    Code.DATE_DOTTED,
    clause="GB/T 15835—2011 5.1",
    bad="文件于2025.1.20印发。",
    good="文件于2025年1月20日印发，版本v2025.1.20，2025-01-20更新。",
)
def dotted_dates(prose: Prose) -> Iterator[Finding]:
    """A date written with points in a sentence."""
    if "." not in prose.text:
        return
    for found in _DOTTED.finditer(prose.text):
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
        meant = f"{day.year}年{day.month}月{day.day}日"
        yield Finding(*found.span(), f"日期写成了 {found.group()}", f"改为 {meant}", meant)


_ZEROS = "○OＯ0"
_ZERO = pattern(rf"(?<=[一二三四五六七八九〇])[{_ZEROS}]+(?=[一二三四五六七八九〇年])")


@prose_rule(
    Code.NUMERAL_ZERO,
    clause="GB/T 15835—2011 5.2",
    bad="二○二五年二月，条例施行。",
    good="二〇二五年二月，条例施行，○为合格。",
    needs=(digit + zero for digit in "一二三四五六七八九〇" for zero in _ZEROS),
)
def zeros(prose: Prose) -> Iterator[Finding]:
    """A circle or a letter for 〇 in a number of Han digits."""
    for found in _ZERO.finditer(prose.text):
        meant = "〇" * len(found.group())
        message = f"汉字数字里的零写成了 {found.group()}：{prose.around(*found.span())}"
        yield Finding(*found.span(), message, f"改为 {meant}", replacement=meant)


_DIGITS = {char: number for number, char in enumerate("〇一二三四五六七八九")}
_MEASURE = "个|项|家|条|类|种"
_LONGER = frozenset("0123456789.〇一二三四五六七八九十百千万亿第")
_COUNT = pattern(
    r"(?:(?P<figures>\d{1,3})"
    r"|(?P<words>[二三四五六七八九]?十[一二三四五六七八九]?|[二三四五六七八九]))"
    rf" ?(?:{_MEASURE})?(?P<noun>部门|单位|省份|方面|任务|举措|措施|工程|领域|城市|企业|地区"
    r"|名词|指标|重点)"
)


@manuscript_rule(
    Code.NUMERAL_MIXED,
    clause="GB/T 15835—2011 4.3",
    bad="工信部等14个部门印发意见。十四部门要求抓好落实。",
    good="14个部门印发意见，14个部门要求抓好落实，分三个方面，涉及9个方面。",
)
def mixed(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """The same count of the same things, once in figures and once in words."""
    first: dict[tuple[int, str], tuple[bool, str]] = {}
    for prose in manuscript.proses:
        for found in _COUNT.finditer(prose.text):
            if prose.text[found.start() - 1 : found.start()] in _LONGER:
                continue
            in_figures = found["figures"] is not None
            value = int(found["figures"]) if in_figures else _value(found["words"])
            key = (value, found["noun"])
            style, words = first.setdefault(key, (in_figures, found.group()))
            if style is not in_figures:
                message = f"同一篇里的数字写法不一：{words}、{found.group()}"
                yield prose, Finding(*found.span(), message, "统一用阿拉伯数字或汉字")


def _value(words: str) -> int:
    """Of 二 to 九十九."""
    tens, ten, ones = words.partition("十")
    if not ten:
        return _DIGITS[words]
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
