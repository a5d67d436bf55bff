"""What jianbao.toml sets, a type a table; `jianbao.delivery` has that of ``[delivery]``."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass
from jianbao.measures import Measures

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.reviews import Stage


class Profile(StrEnum):
    """How pages are composed."""

    HOUSE = "house"  # the best typography
    FACSIMILE = "facsimile"  # the line and page breaks of the publication's earlier issues


@dataclass(frozen=True, slots=True, kw_only=True)
class PressSettings:
    """``[press]`` of jianbao.toml."""

    profile: Profile = Profile.HOUSE
    icc: Path | None = None  # of the press that prints the print edition
    output_condition: str = "Custom"  # PDF/X's word for one that only the profile describes
    measures: Measures = field(default_factory=Measures)


class DigitSpacing(StrEnum):
    """Whether a space is typed between Han characters and digits or Latin letters."""

    TIGHT = "tight"  # none: the press sets the gap
    SPACED = "spaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """``[check]`` of jianbao.toml."""

    digit_spacing: DigitSpacing = DigitSpacing.TIGHT
    require_signatures: tuple[Stage, ...] = ()  # without them no edition goes out
    home: tuple[str, ...] = ()  # places of which the publication may say 我省, 我市
    #: Days before the issue's date in which an original is news. A month: around the long
    #: holidays two issues are left out, and local texts reach us weeks after they appeared.
    window_days: int = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatAccount:
    """An official account (公众号). ``secret_file`` is relative to the workspace; "" for none."""

    name: str
    appid: str
    secret_file: str = ""


class Commenters(StrEnum):
    """Who may comment on an article for WeChat."""

    NONE = "none"
    FOLLOWERS = "followers"
    ALL = "all"


class Packing(StrEnum):
    """分篇: how an issue becomes articles (图文) of WeChat."""

    SINGLE = "single"  # one, to be pasted
    SECTIONS = "sections"  # a lead, and one a section
    ARTICLES = "articles"  # one an item


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatSettings:
    """``[wechat]`` of jianbao.toml; the first account is the one that is meant by default."""

    api: str = "https://api.weixin.qq.com"
    accounts: tuple[WechatAccount, ...] = ()
    packing: Packing = Packing.SECTIONS
    author: str = ""  # the publication's name where none is written
    comments: Commenters = Commenters.NONE
    issue_url: str = ""  # where an issue can be read; {id} stands for which


#: Databases that may be the store.
STORE_SCHEMES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where candidates and deliveries are kept.

    A file of SQLite is relative to the workspace. The password of PostgreSQL stands in
    ``password_file``, relative to the workspace too, or in `PASSWORD_VARIABLE`. With ``jobs``
    workers send what ``jianbao send`` is told to.
    """

    url: str = "sqlite:///.jianbao/store.db"
    password_file: str = ""
    jobs: bool = False


#: The environment's variable with the password of the store; it goes before the file.
PASSWORD_VARIABLE = "JIANBAO_STORE_PASSWORD"  # noqa: S105  (a name, no password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a section is about: words of titles."""

    section: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherSettings:
    """What the publication looks for: ``words`` of titles, and of which section some are.

    ``private_hosts``, in lower case, may be fetched from though they lead inside.
    """

    words: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    private_hosts: tuple[str, ...] = ()
