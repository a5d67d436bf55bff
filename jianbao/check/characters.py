"""Characters that cannot be seen, look like others, or belong to another script."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, prose_rule
from jianbao.cjk import ONE_HAN, is_cjk
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Those that are deleted without another look; the joiners are left to scripts that need
#: them, and to emoji.
_INVISIBLE = pattern(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u180e]+")
_JOINERS = pattern(rf"(?<=(?:{ONE_HAN}|[，。；：、]))[\u200c\u200d]+(?=(?:{ONE_HAN}|[，。；：、]))")
_SPACES = pattern(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_NAMES = {
    "\u00ad": "软连字符",
    "\u200b": "零宽空格",
    "\u200c": "零宽不连字",
    "\u200d": "零宽连字",
    "\u00a0": "不换行空格",
    "\u3000": "全角空格",
}


@prose_rule(
    Code.INVISIBLE_CHARACTER,
    clause=HOUSE,
    bad="数据&#8203;要素市场化配置。",
    good="数据要素市场化配置，family 👨‍👩‍👧 照旧。",
)
def invisible_characters(prose: Prose) -> Iterator[Finding]:
    """Characters without a picture: what web pages and word processors leave behind."""
    if prose.text.isprintable():  # in Python's sense, in which these are not
        return
    for form in (_INVISIBLE, _JOINERS):
        for found in form.finditer(prose.text):
            name = _name(found.group()[0])
            yield Finding(*found.span(), f"有看不见的字符：{name}", "删去", replacement="")


@prose_rule(
    Code.SPACE_CHARACTER,
    clause=HOUSE,
    bad="数据\u3000要素市场化配置改革。",
    good="数据要素市场化配置，on 5 May。",
)
def space_characters(prose: Prose) -> Iterator[Finding]:
    """A space that is not the one of the keyboard: set by hand, or copied from a web page."""
    text = prose.text
    if text.isprintable() or all(len(token) <= 4 for token in text.split()):  # noqa: PLR2004  (主　编, 张三　李四)
        return
    for found in _SPACES.finditer(text):
        start, end = found.span()
        beside = (text[max(start - 1, 0) : start], text[end : end + 1])
        plain = "" if any(not char or is_cjk(char) for char in beside) else " "
        hint = "改为普通空格" if plain else "删去"
        yield Finding(start, end, f"用了{_name(text[start])}", hint, replacement=plain)


#: What is another character for the computer only: radicals, compatibility forms, full-width
#: letters and digits, half-width katakana and marks, ligatures.
_COMPATIBLE = pattern(
    r"[\u2e80-\u2fdf\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff61-\uff9f\ufb00-\ufb06"
    r"\U0002f800-\U0002fa1f]+"
)
#: ＸＸ stands for what is not written yet, which is reported otherwise.
_BLANK = pattern(r"[Ｘｘ]+")


@prose_rule(
    Code.COMPATIBILITY_CHARACTER,
    clause="GB/T 15835—2011 5.1、Unicode NFKC",
    bad="到２０２７年，⽤好ＡＩ。",
    good="到2027年，用好AI，面积3㎡，Ⅱ级响应，①登记。",
)
def compatibility_characters(prose: Prose) -> Iterator[Finding]:
    """Characters that look right and are found by no search: ⽤ for 用, Ａ for A."""
    if prose.text.isascii():
        return
    for found in _COMPATIBLE.finditer(prose.text):
        run = found.group()
        plain = unicodedata.normalize("NFKC", run)
        if _BLANK.fullmatch(run):
            continue
        changed = plain != run
        message = f"“{run}”不是通常的字符（U+{ord(run[0]):04X}）"
        hint = f"改为 {plain}" if changed else "改为字形相同的通用字"
        yield Finding(*found.span(), message, hint, replacement=plain if changed else None)


_LOST = pattern(r"[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]+")
#: One of those, or a mark of the two below.
_LOST_OR_MARK = pattern(r"[\u0300-\u036f\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]")
_MARK_ON_HAN = pattern(rf"(?<=(?:{ONE_HAN}|[，。、；：]))[\u0300-\u036f]+")
_DECOMPOSED = pattern(r"[A-Za-z][\u0300-\u036f]+")


@prose_rule(
    Code.CHARACTER_LOST,
    clause=HOUSE,
    bad="数据\ufffd要素市场化配置。",
    good="数据要素市场化配置，café 照旧。",
)
def lost_characters(prose: Prose) -> Iterator[Finding]:
    """What an earlier conversion could not read, or what only one font can show."""
    if not _LOST_OR_MARK.search(prose.text):
        return
    for form in (_LOST, _MARK_ON_HAN):
        for found in form.finditer(prose.text):
            points = "、".join(f"U+{ord(char):04X}" for char in found.group()[:3])
            message = f"这里的字在转换中丢失了，或者是私用字符：{points}"
            yield Finding(*found.span(), message, "对照原文补上")
    for found in _DECOMPOSED.finditer(prose.text):
        whole = unicodedata.normalize("NFC", found.group())
        if whole != found.group():
            message = f"字母与附加符号是分开的：{whole}"
            yield Finding(*found.span(), message, f"改为 {whole}", replacement=whole)


#: Not traditional: rare characters, most of them of names, that are written in one way only,
#: and those that the table of 2013 took back for names (昇, 瞭, 甯 …).
_KEPT = frozenset(
    "伕伋吋汍呎抆杗沍沘牠迆釆阬佺劻妳姅枓沬泜玨玥甽芣姪帟昤洸炤疢祇耑觔郃倣堉屘崁晅栘浬涊浥玆珮珪砠砲祐衹迺偺偭啣啗屝惇"
    "敔晞勗梱梡梂毬琍脰脤釭傚愒揹棻湣湲湩焜琯甦隄僇勦塭徬搾搆暍楛煆煖瑯痲痺痳睪硿覜詻詨跦鄗雊僎僩嘐塽慇槃榣瘉箄裯誧跼遝鄘鉼"
    "儅墦奭撚撢暱潠潟瞇瞋箠蔆褕踫踡銲嬝彊暸澴燐燄璘璟穋篛豭擭橾歜毚濬濩瞭糢縿褽賸櫂燸繙鎗霤韹餽鯈儳簷巉櫺瓖籐蘗鶸觼籣籥鑤鼇"
    "塚昇陞甯釐犇逕叡脩鉅邨氾堃龢喆頫仝扞噘蹚勠菰澂黏薰"
)


@prose_rule(
    Code.TRADITIONAL_CHARACTER,
    clause="《通用规范汉字表》（2013）",
    bad="推動數據要素市場化配置。",
    good="乾隆年间的著作，昇腾芯片，朱镕基、陶喆、李珺到会。",
)
def traditional_characters(prose: Prose) -> Iterator[Finding]:
    """Traditional characters, word by word."""
    text = prose.text
    found = [char for char in set(text) if _is_traditional(char)]
    if not found:
        return
    for run in re.finditer(f"[{''.join(found)}]+", text):
        message = f"用了繁体字或异体字：{run.group()}"
        yield Finding(*run.span(), message, "改为规范字；人名、书名确实如此的，写进 ignore")


@cache
def _is_traditional(char: str) -> bool:
    """Whether ``char`` is a common character of traditional Chinese that simplified lacks.

    Big5 lists the common ones first (A440 to C67E); GB 2312 has the simplified set.
    """
    if not "一" <= char <= "鿿" or _in_gb2312(char) or char in _KEPT:
        return False
    code = char.encode("big5", "ignore")
    return len(code) == 2 and 0xA4 <= code[0] < 0xC7  # noqa: PLR2004  (see above)


@cache
def _in_gb2312(char: str) -> bool:
    return bool(char.encode("gb2312", "ignore"))


def _name(char: str) -> str:
    point = f"U+{ord(char):04X}"
    return f"{_NAMES[char]}（{point}）" if char in _NAMES else f"特殊空白（{point}）"
