"""``[delivery]`` of jianbao.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from jianbao.addresses import is_loopback
from jianbao.delivery import (
    Attach,
    DeliverySettings,
    DkimSettings,
    DomainRate,
    Mailbox,
    MailServer,
)
from jianbao.diagnostics import Code, Diagnostic
from jianbao.load.robots import read_robots
from jianbao.patterns import pattern
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from jianbao.load.table import Table

#: What SMTP carries without SMTPUTF8, which the Chinese mailboxes do not offer.
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
_MAILBOX = pattern(rf"(?:(?P<name>[^<>]*?)\s*<(?P<named>{_ADDRESS})>|(?P<bare>{_ADDRESS}))")
_HOST = pattern(r"[A-Za-z0-9.:-]+")
#: Submission with STARTTLS (RFC 6409), with TLS from the start (RFC 8314), and a local server.
_SUBMISSION, _SUBMISSIONS, _LOCAL = 587, 465, 25
_CONNECTIONS, _PER_CONNECTION = (1, 50), (1, 10_000)
#: Seconds, and messages a minute.
_DELAY, _RATE = (1, 86_400), (0, 1_000_000)
_SOFT = (1, 90)

_SERVER_EXAMPLE = "smtp://brief@smtp.example.org:587"
_SENDER_EXAMPLE = "简报 <brief@example.org>"


def read_delivery(table: Table) -> DeliverySettings:
    """What ``[delivery]`` says."""
    default = DeliverySettings()
    settings = DeliverySettings(
        server=_server(table),
        sender=_mailbox(table, "sender"),
        reply_to=_mailbox(table, "reply_to"),
        bounces=(_mailbox(table, "bounces") or Mailbox(address="")).address,
        list_id=table.word("list_id", r"[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", "brief.example.org"),
        base_url=_base_url(table),
        attach=Attach(table.choice("attach", tuple(Attach), default.attach)),
        stamp=table.flag("stamp"),
        password_file=table.text("password_file"),
        ca_file=table.text("ca_file"),
        key_file=table.text("key_file", default=default.key_file),
        plaintext=table.flag("plaintext"),
        connections=int(table.number("connections", *_CONNECTIONS, default.connections)),
        per_connection=int(
            table.number("per_connection", *_PER_CONNECTION, default.per_connection)
        ),
        dkim=_dkim(table),
        default_list=table.text("default_list", default=default.default_list),
        journal=table.text("journal"),
        journal_delay=int(table.number("journal_delay", *_DELAY, default.journal_delay)),
        rate=int(table.number("rate", *_RATE, default.rate)),
        domains=tuple(_domain_rate(one) for one in table.tables("domain")),
        bounce_box=table.text("bounce_box"),
        soft_bounces=int(table.number("soft_bounces", *_SOFT, default.soft_bounces)),
        robots=read_robots(table.tables("robot")),
    )
    table.finish()
    return settings


def _server(table: Table) -> MailServer | None:
    written = table.text("smtp")
    if not written:
        return None
    server = _parse_server(written)
    if server is None:
        _report(table, "smtp", "邮件服务器的地址读不懂", f'写成 smtp = "{_SERVER_EXAMPLE}"')
    elif urlsplit(written).password is not None:
        hint = "去掉冒号后面的密码，放进环境变量 JIANBAO_SMTP_PASSWORD 或 password_file 指明的文件"
        _report(table, "smtp", "密码不能写在 jianbao.toml 里", hint)
        return None
    return server


def _parse_server(written: str) -> MailServer | None:
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in {"smtp", "smtps"} or parts.path.strip("/") or parts.query:
        return None
    if not _HOST.fullmatch(host):
        return None
    implicit = parts.scheme == "smtps"
    usual = _SUBMISSIONS if implicit else _LOCAL if is_loopback(host) else _SUBMISSION
    return MailServer(
        host=host, port=port or usual, user=unquote(parts.username or ""), implicit_tls=implicit
    )


def _mailbox(table: Table, key: str) -> Mailbox | None:
    """``名称 <地址>`` or the address alone."""
    written = table.text(key)
    if not written:
        return None
    found = _MAILBOX.fullmatch(written)
    if found is None:
        _report(table, key, f"{key} 里没有可用的邮箱地址", f'写成 {key} = "{_SENDER_EXAMPLE}"')
        return None
    name = (found["name"] or "").strip('"')
    return Mailbox(address=found["named"] or found["bare"], name=name)


def _base_url(table: Table) -> str:
    written = table.text("base_url")
    if not written:
        return ""
    try:
        parts = urlsplit(written)
        usable = parts.scheme in {"https", "http"} and bool(parts.hostname)
        usable = usable and (parts.scheme == "https" or is_loopback(parts.hostname or ""))
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or not written.isascii() or " " in written:
        _report(
            table,
            "base_url",
            "base_url 要是以 https:// 开头的网址",
            '写成 base_url = "https://brief.example.org"',
        )
        return ""
    return written.rstrip("/")


def _dkim(table: Table) -> DkimSettings | None:
    below = table.optional_table("dkim")
    if below is None:
        return None
    settings = DkimSettings(
        selector=below.word("selector", "[A-Za-z0-9.-]+", "jianbao", required=True),
        domain=below.word("domain", r"[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", "example.org"),
        key_file=below.text("key_file", required=True),
    )
    below.finish()
    return settings if settings.selector and settings.key_file else None


def _domain_rate(table: Table) -> DomainRate:
    name = table.word("name", r"[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", "qq.com", required=True)
    rate = DomainRate(name=name.lower(), rate=table.integer("rate") or 1)
    table.finish()
    return rate


def _report(table: Table, key: str, message: str, hint: str) -> None:
    span = table.value_span(key)
    table.problems.append(Diagnostic(Code.VALUE_INVALID, CONFIGURATION, span, message, hint))
