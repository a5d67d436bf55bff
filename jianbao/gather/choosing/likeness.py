"""Which titles tell of one thing: alike, and the same numbers, places and kind of text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from jianbao.gather.choosing.places import places
from jianbao.headlines import is_draft, numerals

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Of 100, by rapidfuzz's ratio. One thing told by two sources was measured at 80 to 88; 第一批
#: and 第二批 reach 92, which is why likeness alone does not do.
_ALIKE = 80
#: Titles that are looked at for one, the most alike first.
_LOOKED_AT = 5
#: Shorter ones, such as 通知公告 or 图片新闻, say too little.
_SHORTEST = 6
#: What one source puts around a title that the next leaves out.
_FRAME = re.compile(
    r"^【[^】]*】|^\[[^\]]*\]|[(（](?:附?全文|附[^)）]*|图)[)）]|(?:重磅|刚刚|最新)[!！|：:]"
    r"|关于|印发|发布|出台|公布|颁布|的通知|的公告|全文|来了[!！]?$"
)
#: 等六部门 and 等部门, of which one source counts and the next does not.
_COUNTED = re.compile("等?[0-9一二三四五六七八九十]*(?:个)?(部门|部委|单位)")
_NAME = re.compile("《([^《》]+)》")
#: Letters of a document's name that is like no other's.
_WHOLE_NAME = 8
_NOT_LETTERS = re.compile(r"[\W_]+")
#: What is written about a document is not the document.
_KINDS = re.compile("解读|图解|一图|答记者问|发布会|访谈|评论|综述|座谈|起草说明")
#: What bodies are called: what stands before it is whose.
_BODY = re.compile("[部局委厅院署司会办省市]|公司|集团|大学|银行|中心")
_BODY_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared."""

    letters: str
    document: str  # the longest name in 《》, or what a title without one says
    numerals: frozenset[str]
    kinds: frozenset[str]
    places: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Title:
        """That of ``text``."""
        plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("在京", "在北京")
        plain = _COUNTED.sub(r"等\1", plain)
        kinds = frozenset((*_KINDS.findall(plain), *(("draft",) if is_draft(plain) else ())))
        letters, name = _letters(plain), max(_NAME.findall(plain), key=len, default=plain)
        return cls(letters, _letters(name), numerals(plain), kinds, places(plain))


def alike(one: str, other: str) -> bool:
    """Whether two titles tell of one thing."""
    titles = Titles()
    titles.add(0, one)
    return titles.find(other) is not None


class _Group:
    """Titles with the same numbers and of the same kind."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._titles: list[Title] = []
        self._letters: list[str] = []
        self._by_document: dict[str, list[int]] = {}

    def add(self, number: int, title: Title) -> None:
        self._by_document.setdefault(title.document, []).append(len(self._titles))
        self._numbers.append(number)
        self._titles.append(title)
        self._letters.append(title.letters)

    def find(self, title: Title) -> int | None:
        return next((self._numbers[at] for at in self._near(title)), None)

    def _near(self, title: Title) -> Iterator[int]:
        if len(title.document) >= _WHOLE_NAME:
            for at in self._by_document.get(title.document, ()):
                if _of_one_place(title, self._titles[at]):
                    yield at
        near = process.extract(
            title.letters, self._letters, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_LOOKED_AT
        )
        for _, _, at in near:
            if _of_one_place(title, self._titles[at]) and _by_one(title, self._titles[at]):
                yield at


class Titles:
    """Titles with their numbers, to be asked for one that is alike."""

    def __init__(self) -> None:
        self._groups: dict[tuple[frozenset[str], frozenset[str]], _Group] = {}

    def add(self, number: int, text: str) -> None:
        """Let ``text`` be found as ``number``."""
        title = Title.of(text)
        if len(title.letters) >= _SHORTEST:
            self._groups.setdefault((title.numerals, title.kinds), _Group()).add(number, title)

    def find(self, text: str) -> int | None:
        """The number of the title most like ``text``, if there is one that is alike."""
        title = Title.of(text)
        group = self._groups.get((title.numerals, title.kinds))
        return group.find(title) if group and len(title.letters) >= _SHORTEST else None


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", _FRAME.sub("", text)).lower()


def _of_one_place(one: Title, other: Title) -> bool:
    """贵阳 is in 贵州贵阳; a title without a place may be of any."""
    here, there = one.places, other.places
    return bool(here) == bool(there) and (here <= there or there <= here)


def _by_one(one: Title, other: Title) -> bool:
    """Whether no body stands in the place of another."""
    return not any(
        _names_a_body(one.letters, edit.src_start, edit.src_end)
        and not set(one.letters[edit.src_start : edit.src_end])
        & set(other.letters[edit.dest_start : edit.dest_end])
        for edit in Levenshtein.opcodes(one.letters, other.letters)
        if edit.tag == "replace"
    )


def _names_a_body(letters: str, start: int, end: int) -> bool:
    """Whether what something else stands in for is who does it: 工信 of 工信部, 华为."""
    return start == 0 or _BODY.search(letters, end, end + _BODY_WITHIN) is not None
