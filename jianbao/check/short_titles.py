"""Short titles: introduced before they are used, used once they are introduced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.check.stretches import char_before
from jianbao.diagnostics import Code
from jianbao.frozen import dataclass
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue

#: What a document may be called by, alone: 《方案》, or with one word before it: 《实施方案》.
_KIND = (
    "方案|意见|条例|办法|规定|通知|规划|纲要|细则|指南|报告|决定|规范|公告|白皮书|蓝皮书|计划|法案|"
    "清单|指引"
)
_SHORT = pattern(
    rf"《((?:实施|工作|行动|管理|暂行|若干|指导|建设|发展|改革|总体|试行)?(?:{_KIND}))》"
)
_TITLE = pattern(r"《([^《》]+)》")
#: 全称（以下简称X）, X in any marks; several are listed with 、 after 以下分别简称.
_INTRODUCED = pattern(
    r"(?:以下|下文|下)(?:分别|统一|均|合|并)?(?:简称|称)为?[：:]?\s*([^（）()。；]+)"
)
_FORM = pattern("《[^《》]*》|[^、，《》]+")
_MARKS = "“”‘’《》「」\"' "
_EDITION = pattern(r"[（(][^（）()]*[）)]$")
_QUOTED_TWICE = pattern(r"(?:简称|称)为?[：:]?\s*([“‘]《[^《》]+》[”’])")
_UNQUOTED = pattern(
    rf"(?:^|(?<=[。；，：\n]))({_KIND})(?=提出|明确|部署|要求|规定|指出|强调|认为|提到|还提出|并明确)"
)
_THIS = ("该", "上述", "这一")
_DOCUMENTS = (
    *("方案", "法案", "条例", "办法", "通知", "指南", "细则", "纲要", "白皮书", "蓝皮书"),
    *("议案", "提案"),
)
_DOCUMENT = pattern(f"({'|'.join(_THIS)})?({'|'.join(_DOCUMENTS)})")


_OWNERS = set("会院部委局")


@dataclass(frozen=True, slots=True)
class _Use:
    """The first use of a short title that nothing introduces, in ``prose`` from ``start`` on.

    ``full`` are the titles before it which it could shorten, ``other`` the short title
    that was introduced for such a one.
    """

    prose: Prose
    start: int
    name: str
    full: tuple[str, ...]
    other: str | None


@manuscript_rule(
    Code.SHORT_TITLE_UNDEFINED,
    clause=HOUSE,
    bad="《方案》提出，到2027年建成一批可信数据空间。",
    good="某省印发《可信数据空间发展方案》（以下简称《方案》）。《方案》提出到2027年的目标。",
)
def undefined(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A short title without any full title before it, or where another was introduced."""
    for use in _unintroduced(manuscript):
        if use.full and not use.other:
            continue
        message = f"《{use.name}》前面没有出现过全称，也没有“以下简称《{use.name}》”"
        hint = "第一次写全称，或在全称后注明简称"
        if use.other:
            message = f"这里写《{use.name}》，前面定的简称是《{use.other}》"
            hint = f"写《{use.other}》；指另一份文件的，写全称"
        yield use.prose, Finding(use.start, use.start + len(use.name) + 2, message, hint)


@manuscript_rule(
    Code.SHORT_TITLE_UNINTRODUCED,
    clause=HOUSE,
    bad="某市发布《关于数据开发利用的实施意见》。《实施意见》共7章。",
    good="某市发布《关于数据开发利用的实施意见》（以下简称《实施意见》）。《实施意见》共7章。",
)
def unintroduced(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A short title that readers have to guess from a full one."""
    for use in _unintroduced(manuscript):
        if use.full and not use.other:
            message = f"《{use.name}》没有用“以下简称”交代过"
            hint = f"在《{use.full[-1]}》后面加“（以下简称《{use.name}》）”"
            yield use.prose, Finding(use.start, use.start + len(use.name) + 2, message, hint)


def _unintroduced(manuscript: Manuscript) -> Iterator[_Use]:
    full: list[str] = []
    introduced: list[str] = []
    told: set[str] = set()
    for prose in manuscript.proses:
        text = prose.text
        if prose.kind == "title":
            full.append(_EDITION.sub("", text))
        spans = [found.span() for found in _INTRODUCED.finditer(text)]
        for found in _TITLE.finditer(text):
            name = found[1]
            if any(start <= found.start() < end for start, end in spans):
                introduced.append(name)
            elif not _SHORT.fullmatch(found.group()):
                full.append(_EDITION.sub("", name))
            elif name not in introduced and name not in told and not _is_owned(text, found):
                told.add(name)
                meant = tuple(title for title in full if _shortens(name, title))
                other = next((short for short in introduced if _shortens(name, short)), None)
                yield _Use(prose, found.start(), name, meant, other)


def _is_owned(text: str, title: re.Match[str]) -> bool:
    """三中全会《决定》 says whose it is."""
    return char_before(text, title.start()) in _OWNERS


def _shortens(name: str, full: str) -> bool:
    """Whether 《管理办法》 may stand for 《…管理暂行办法》: its words are there, in their order."""
    kind = re.search(rf"(?:{_KIND})$", name)
    ending = kind.group() if kind else name
    return full.endswith(ending) and name.removesuffix(ending) in full


@manuscript_rule(
    Code.SHORT_TITLE_UNUSED,
    clause=HOUSE,
    bad="某市印发《数据要素改革工作方案》（以下简称《工作方案》），提出五项任务。",
    good="某市印发《数据要素改革工作方案》（以下简称《工作方案》）。《工作方案》提出五项任务。",
)
def unused(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A short form that is introduced, and then not used once."""
    texts = [prose.text for prose in manuscript.proses]
    for number, prose in enumerate(manuscript.proses):
        for found in _INTRODUCED.finditer(prose.text):
            rest = [prose.text[found.end() :], *texts[number + 1 :]]
            for start, form in _forms(found):
                name = form.strip(_MARKS)
                if name and not any(name in text for text in rest):
                    message = f"“以下简称{form.strip()}”之后没有再用过这个简称"
                    hint = "后文改用这个简称，或删去“以下简称”"
                    yield prose, Finding(start, start + len(form), message, hint)


def _forms(found: re.Match[str]) -> Iterator[tuple[int, str]]:
    for form in _FORM.finditer(found[1]):
        yield found.start(1) + form.start(), form.group()


@prose_rule(
    Code.SHORT_TITLE_QUOTES,
    clause="GB/T 15834 4.15",
    bad="某市印发《数据改革工作方案》（以下简称“《工作方案》”），《工作方案》提出五项任务。",
    good="某市印发《数据改革工作方案》（以下简称《工作方案》），《工作方案》提出五项任务。",
    needs=("“《", "‘《"),
)
def quoted_twice(prose: Prose) -> Iterator[Finding]:
    """A short title in quotation marks outside its title marks."""
    for found in _QUOTED_TWICE.finditer(prose.text):
        meant = found[1].strip("“”‘’")
        message = f"书名号外面又加了引号：{found[1]}"
        yield Finding(*found.span(1), message, f"改为“以下简称{meant}”")


@manuscript_rule(
    Code.DOCUMENT_UNMARKED,
    clause="GB/T 15834 4.15",
    bad="某部发布《关于加强通信能力建设的意见》。意见提出，到2027年基本建成。",
    good="某部发布《关于加强通信能力建设的意见》（以下简称《意见》）。《意见》提出目标。",
)
def unmarked(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A document that is named in 《》 once, and is the subject of a clause without them."""
    titles: set[str] = set()
    for prose in manuscript.proses:
        titles.update(_EDITION.sub("", name) for name in _TITLE.findall(prose.text))
        for found in _UNQUOTED.finditer(prose.text):
            if any(title.endswith(found[1]) for title in titles):
                message = f"“{found[1]}”指前面的文件，没有加书名号"
                hint = f"在全称后加“（以下简称《{found[1]}》）”，这里写《{found[1]}》"
                yield prose, Finding(*found.span(), message, hint)
        for law in sorted(title for title in titles if title.endswith(("法", "条例"))):
            if prose.text.count(law) == prose.text.count(f"《{law}》"):
                continue  # as almost always, and a pattern takes long to be made
            for found in _bare(law).finditer(prose.text):
                message = f"“{law}”没有加书名号，本篇别处写《{law}》"
                yield prose, Finding(*found.span(), message, f"写成《{law}》")


def _bare(law: str) -> re.Pattern[str]:
    """``law`` without 《》, alone: neither in a longer name, nor 法律 or 法案."""
    words = "，。；：、（和与及据按照依对在从由"
    return re.compile(rf"(?:^|(?<=[{words}])){re.escape(law)}(?![律规案制治学人庭定》])")


@manuscript_rule(
    Code.ANTECEDENT_MISSING,
    clause=HOUSE,
    bad="参议员提出《人工智能脱钩法案》。该方案的内容是阻止对外投资。",
    good="参议员提出《人工智能脱钩法案》。该法案的内容是阻止对外投资。",
    needs=(this + kind for this in _THIS for kind in _DOCUMENTS),
)
def antecedent(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """该方案 where no 方案 is spoken of before, but another document is."""
    seen: dict[str, None] = {}
    for prose in manuscript.proses:
        for found in _DOCUMENT.finditer(prose.text):
            if found[1] and seen and found[2] not in seen:
                message = f"“{found.group()}”前面没有说到过哪个{found[2]}"
                hint = f"前文说的是{'、'.join(seen)}；指同一份文件的，写成同一个名称"
                yield prose, Finding(*found.span(), message, hint)
            seen[found[2]] = None
