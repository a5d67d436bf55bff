"""``[delivery]`` of jianbao.toml: who sends the mail, through which server; robots of groups."""

from __future__ import annotations

from enum import StrEnum

from jianbao.addresses import is_loopback
from jianbao.frozen import dataclass


class Attach(StrEnum):
    """How a reader gets the PDF."""

    PDF = "pdf"  # attached
    LINK = "link"  # on ``base_url``


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address, and the name that is shown with it ("" for none)."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What follows the last @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where messages are handed in. ``implicit_tls``: from the first byte (``smtps://``)."""

    host: str
    port: int
    user: str = ""
    implicit_tls: bool = False

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, where nothing goes over a network."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSettings:
    """The key that signs messages; ``key_file`` is relative to the workspace."""

    selector: str
    domain: str
    key_file: str


class RobotKind(StrEnum):
    """Whose group a robot speaks in."""

    WECOM = "wecom"  # 企业微信
    DINGTALK = "dingtalk"  # 钉钉
    FEISHU = "feishu"  # 飞书


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """群机器人: its webhook, which is a secret, lies in ``webhook_file``.

    ``link`` is where a reader finds the issue, with ``{issue}``, ``{number}`` and ``{total}``
    to fill; empty where there is no such place.
    """

    name: str
    kind: RobotKind
    webhook_file: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRate:
    """Messages a minute to the readers of one domain."""

    name: str
    rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """Files are relative to the workspace; "" is none."""

    server: MailServer | None = None
    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    bounces: str = ""  # the address that mail comes back to; the sender's where it is ""
    list_id: str = ""  # RFC 2919; from the sender's address where it is ""
    base_url: str = ""  # without a slash at its end
    attach: Attach = Attach.PDF
    stamp: bool = False
    password_file: str = ""
    ca_file: str = ""
    key_file: str = ".jianbao/delivery.keys"
    plaintext: bool = False  # no TLS at all: a relay in the institute's own network
    connections: int = 4
    per_connection: int = 50  # NetEase's MI:DMC: too many messages on one connection
    dkim: DkimSettings | None = None
    default_list: str = "订户"  # of readers who come without one
    journal: str = ""  # the mail server's own record of what it took
    journal_delay: int = 60  # seconds until that record is complete
    rate: int = 0  # messages a minute; 0 is as fast as it goes
    domains: tuple[DomainRate, ...] = ()
    bounce_box: str = ""  # where mail comes back to: maildir:, mbox: or imaps://
    soft_bounces: int = 5  # days with failures that may pass, until a reader is given up
    robots: tuple[Robot, ...] = ()
