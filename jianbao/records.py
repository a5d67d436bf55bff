"""What an issue is held against. Frozen, no I/O.

Who publishes where, what was printed already, what addresses answered, what was kept.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from datetime import date, datetime


class Level(StrEnum):
    """Whose source it is."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    INDUSTRY = "industry"  # associations, institutes, media


class Kind(StrEnum):
    """How a source's news are found."""

    FEED = "feed"  # RSS, Atom, RDF, CDF, JSON Feed
    LISTING = "listing"  # a page, or the answer of an API, that lists them
    MANUAL = "manual"  # by hand: a browser is needed, or there is no list


class ListFormat(StrEnum):
    """What the content systems of Chinese sites send as a list."""

    HTML = "html"  # elements of the page; TRS and most others
    JCMS = "jcms"  # 大汉: <record><![CDATA[…]]> inside <script type="text/xml">
    JSON = "json"  # fields by path
    BUILDSTATIC = "buildstatic"  # the page names an address, whose JSON has HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where a list keeps what: CSS selectors, or dotted paths where it is JSON.

    ``title``, ``link``, ``date`` and ``summary`` are looked for inside an ``item``; a selector may
    end in ``@name`` for an attribute. ``link`` of JSON may be an address with ``{path}`` in it.
    Empty ones are found by what lists have in common.
    """

    format: ListFormat = ListFormat.HTML
    item: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceManners:
    """How a source's hosts are to be asked, where that is not as all others are."""

    gap: float = 1.0  # seconds between two visits to one host
    concurrency: int = 1  # visits to one host at a time
    proxy: str = ""  # http://host:port; empty for none
    legacy_tls: bool = False  # the server knows no secure renegotiation (RFC 5746)
    obeys_robots: bool = True
    robots_reason: str = ""  # why not


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """来源 as it is registered: one file of sources/; ``hosts`` are in lower case.

    An entry is wanted whose title has one of ``include``, if there are any, and none of
    ``exclude``. ``encoding`` overrides what its pages declare. ``every`` is in minutes;
    ``rhythm_days`` are those within which it publishes something, 0 where nobody knows.
    """

    path: str
    name: str
    level: Level
    hosts: tuple[str, ...]
    section: str
    kind: Kind
    lists: tuple[str, ...] = ()  # addresses of feeds or lists
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    encoding: str = ""
    timezone: str = "Asia/Shanghai"
    every: int = 60
    rhythm_days: int = 0
    listing: Listing = Listing()
    manners: SourceManners = SourceManners()

    @property
    def stem(self) -> str:
        """What editors type: ``ndrc`` for sources/ndrc.toml."""
        return self.path.rpartition("/")[2].removesuffix(".toml")

    def publishes_at(self, host: str) -> bool:
        """Whether ``host`` is one of its own or lies below one."""
        own = (one.removeprefix("www.") for one in self.hosts)
        return any(host == one or host.endswith(f".{one}") for one in own)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastItem:
    """An item of an earlier issue, as far as it takes to see that it was printed before."""

    issue: str
    total: int
    title: str
    url: str
    body: str


class Answer(StrEnum):
    """What came of visiting an address."""

    ALIVE = "alive"
    GONE = "gone"  # 404, 410, no such host
    UNVERIFIED = "unverified"  # refused, challenged or silent: a browser may see the page
    MISSING = "missing"  # 200, but the page says that there is none
    HOME = "home"  # led to the home page


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What an address answered, and when. ``secure`` says that https:// would answer too."""

    url: str
    asked: date
    answer: Answer
    detail: str = ""  # what a person needs to know of it: HTTP 412
    final: str = ""  # where redirects led, if anywhere
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Witness:
    """Who keeps pages, and when."""

    by: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """存证: the page of an original as it was when somebody kept it.

    ``title``, ``published`` and ``source`` are what the page says of itself, empty where it
    does not; ``origins`` says where each was found and how sure it is, ``text`` what the page
    says. The hashes are SHA-256 of its two files. ``tool`` read it.
    """

    url: str
    final: str  # where redirects led
    kept: str  # when, ISO 8601 with the offset
    by: str
    how: str  # "online", or "saved" by hand from a browser
    sha256: str
    text_sha256: str
    title: str = ""
    published: str = ""
    source: str = ""
    origins: str = ""
    tool: str = ""
    text: str = ""


class NameKind(StrEnum):
    """What a name is of."""

    BODY = "机构"
    LAW = "法规"  # stands in 《》
    TERM = "用语"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """名称: a line of the names ledger.

    ``preferred`` and ``short`` may be printed, from ``since`` to ``until`` inclusive;
    ``wrong`` never. ``successor`` is what it is called after that.
    """

    kind: NameKind
    preferred: str
    short: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    successor: str = ""
    note: str = ""
    source: str = ""
    edition: date | None = None

    @property
    def right(self) -> tuple[str, ...]:
        """The forms that may be printed."""
        return (self.preferred, *self.short)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """稿源名单: units whose texts may be reprinted; ``hosts`` are in lower case."""

    path: str
    names: frozenset[str]
    hosts: frozenset[str]
    edition: date | None
