"""来源 against the registry: who owns the website, and which section is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.addresses import host_of
from jianbao.check.copy import is_unfinished
from jianbao.check.official import (
    NATIONAL,
    is_secondary,
    is_shared,
    local_words,
    national_names,
    same_body,
)
from jianbao.check.rule import HOUSE, item_rule, report
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code, Diagnostic
from jianbao.misspelling import meant
from jianbao.patterns import pattern
from jianbao.records import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item
    from jianbao.records import Source

#: What the law asks of reprints: 来源 as it was published, with a way back to it.
_REPRINTS = "《互联网新闻信息服务管理规定》第十五条"
_WORDS = {
    Level.NATIONAL: "国家级",
    Level.PROVINCIAL: "省级",
    Level.MUNICIPAL: "市级",
    Level.INDUSTRY: "行业",
}
_LOCAL = {Level.PROVINCIAL, Level.MUNICIPAL}
#: What a local body's name begins with; 国家市场… and 全国市长… are none.
_LOCAL_BODY = pattern(rf"(?!国家|全国|中国|中央){ONE_HAN}{{2,6}}?(?:省|市|自治区|自治州|州|县|区)")
_JOIN = pattern("[、 ]")
#: The place in a local body's name: 贵阳 of 贵阳市大数据局.
_PLACE_LENGTH = 2

_NDA = 'name = "国家数据局"\nlevel = "national"\nhosts = ["www.nda.gov.cn"]\n'
_JIANGSU = 'name = "江苏省数据局"\nlevel = "provincial"\nhosts = ["www.jssj.cn"]\n'
_REGISTRY = {
    "sources/nda.toml": f'{_NDA}section = "国策要论"\nkind = "manual"\n',
    "sources/jiangsu.toml": f'{_JIANGSU}section = "地方新政"\nkind = "manual"\n',
}
_ITEM = "---\ntitle: {}\nsection: {}\nsource: {}\nurl: {}\n---\n\n正文。"


@item_rule(
    Code.SOURCE_HOST,
    clause=_REPRINTS,
    bad=_ITEM.format("江苏的方案", "地方新政", "江苏省数据局", "https://www.nda.gov.cn/1.html"),
    good=_ITEM.format("江苏的方案", "地方新政", "江苏省数据局", "https://www.jssj.cn/1.html"),
    beside=_REGISTRY,
)
def source_and_host(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """One body's name over another's website; a host in the source's own file is an answer."""
    name, host = _name(item), host_of(item)
    if not name or not host or is_shared(host):
        return
    entry = _registered(issue, name)
    if entry and entry.publishes_at(host):
        return
    owner = _other_owner(issue, name, host)
    if owner and item.url:
        message = f"来源是{name}，网址 {host} 却是{owner}的网站"
        hint = "核对是谁发布的；确是转载的，在 sources/ 里把这个域名列入来源的 hosts，并注明转载"
        yield report(Code.SOURCE_HOST, item, item.url, message, hint)


def _other_owner(issue: Issue, name: str, host: str) -> str:
    """Who owns ``host``, where it is not ``name``; empty where nobody knows."""
    owners = [source.name for source in issue.sources if source.publishes_at(host)]
    names = national_names(host)
    if any(_means(name, other) for other in (*owners, *names)):
        return ""
    if owners or names:
        return "、".join(owners) or names[0]
    words = local_words(host)
    return "" if not words or any(_means(name, word) for word in words) else f"{words[0]}部门"


@item_rule(
    Code.SOURCE_UNREGISTERED,
    clause=HOUSE,
    bad=_ITEM.format("题", "国策要论", "数据要素社", "https://www.sjys.cn/1.html"),
    good=_ITEM.format("题", "国策要论", "国家数据局", "https://www.nda.gov.cn/1.html"),
    beside=_REGISTRY,
)
def registered(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A source that nobody has looked at; silent where there is no registry."""
    name = _name(item)
    if not name or not issue.sources or _registered(issue, name):
        return
    names = [source.name for source in issue.sources]
    near = meant(name, names) or [n for n in names if same_body(name, n)]
    hint = (
        f"是不是“{near[0]}”？" if near else "在 sources/ 里为它建一个文件，写法见那里的 README.md"
    )
    message = f"来源“{name}”没有登记"
    yield report(Code.SOURCE_UNREGISTERED, item, item.source, message, hint)


@item_rule(
    Code.HOST_UNREGISTERED,
    clause=HOUSE,
    bad=_ITEM.format("题", "国策要论", "国家数据局", "https://www.sjys.cn/1.html"),
    good=_ITEM.format("题", "国策要论", "国家数据局", "https://www.nda.gov.cn/1.html"),
    beside=_REGISTRY,
)
def registered_host(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A registered source on a website that is nobody's as far as the registry knows."""
    name, host = _name(item), host_of(item)
    entry = _registered(issue, name)
    own = (source for source in issue.sources if _means(name, source.name))
    if not entry or not host or not item.url or any(one.publishes_at(host) for one in own):
        return
    if is_shared(host) or not _other_owner(issue, name, host):
        listed = "、".join(entry.hosts) or "（空）"
        message = f"{name}登记的域名是 {listed}，没有 {host}"
        hint = f"核对网址；确是它发布的，列入 {entry.path} 的 hosts"
        yield report(Code.HOST_UNREGISTERED, item, item.url, message, hint)


@item_rule(
    Code.SOURCE_SECONDARY,
    clause=_REPRINTS,
    bad=_ITEM.format(
        "国家数据局发布指引", "国策要论", "数据观", "https://www.secrss.com/articles/1"
    ),
    good=_ITEM.format("欧盟发布指引", "国策要论", "数据观", "https://www.secrss.com/articles/1"),
)
def primary_source(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A reprint, while the title begins with the body that published and its site is known."""
    name, host = _name(item), host_of(item)
    entry = _registered(issue, name)
    reprints = is_secondary(host) or (entry is not None and entry.level is Level.INDUSTRY)
    if not name or not host or not item.title or not reprints:
        return
    for body, its_host in _primaries(issue):
        if item.title.value.startswith(body) and not _means(name, body):
            message = f"标题说的是{body}，来源却是{name}，像是转载"
            hint = f"在 {its_host} 找一找原文；找到的，改用原文的来源和网址"
            yield report(Code.SOURCE_SECONDARY, item, item.source, message, hint)
            return


@item_rule(
    Code.SECTION_MISFIT,
    clause=HOUSE,
    bad=_ITEM.format("江苏的方案", "国策要论", "江苏省数据局", "https://www.jssj.cn/1.html"),
    good=_ITEM.format("江苏的方案", "地方新政", "江苏省数据局", "https://www.jssj.cn/1.html"),
    beside=_REGISTRY,
)
def section_and_level(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A section is meant for those who are registered with it, by level and by place.

    Sections with 行业 sources go by subject, and media may write on anything.
    """
    name, section = _name(item), item.section.value if item.section else ""
    entry = _registered(issue, name)
    usual = [source for source in issue.sources if source.section == section]
    levels = {source.level for source in usual}
    if not usual or Level.INDUSTRY in levels or _is_about(item, usual):
        return
    fits = _fits(entry, levels, section) if entry else not _is_stranger(name, levels)
    if not fits:
        kinds = "、".join(_WORDS[one] for one in Level if one in levels)
        own = f"{_WORDS[entry.level]}，默认栏目是“{entry.section}”" if entry else "地方的单位"
        message = f"“{section}”登记的是{kinds}来源，{name}是{own}"
        yield report(Code.SECTION_MISFIT, item, item.section, message, "核对栏目")


def _fits(entry: Source, levels: set[Level], section: str) -> bool:
    """Whether a registered source belongs; another place's section is not a local one's."""
    if entry.section == section or entry.level is Level.INDUSTRY:
        return True
    return entry.level in levels and entry.level not in _LOCAL


def _is_stranger(name: str, levels: set[Level]) -> bool:
    """Whether an unregistered body is local by its name, in a section of national ones."""
    return _LOCAL_BODY.match(name) is not None and not levels & _LOCAL


def _is_about(item: Item, sources: list[Source]) -> bool:
    """Whether the title or source names the place of one of the local ``sources``."""
    text = f"{item.title.value if item.title else ''}{_name(item)}"
    places = (source.name[:_PLACE_LENGTH] for source in sources if source.level in _LOCAL)
    return any(place in text for place in places)


def _primaries(issue: Issue) -> Iterator[tuple[str, str]]:
    """Bodies that publish first, each name with its website."""
    for source in issue.sources:
        if source.level is not Level.INDUSTRY and source.hosts:
            yield source.name, source.hosts[0]
    for host, names in NATIONAL.items():
        for name in names:
            yield name, f"www.{host}"


def _name(item: Item) -> str:
    """The source as it is printed; empty where it is still to be written."""
    name = item.source.value if item.source else ""
    return "" if is_unfinished(name) else name


def _registered(issue: Issue, name: str) -> Source | None:
    """The source of this name, or of the first registered one of several joined names."""
    names = (name, *_JOIN.split(name))
    return next((source for one in names for source in issue.sources if source.name == one), None)


def _means(name: str, body: str) -> bool:
    """Whether ``name``, which may join several, has ``body`` among them."""
    return body in name or same_body(name, body)
