"""Whether a domain lets an address, or a provider, send its mail (SPF, RFC 7208)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.names import reverse_name
from jianbao.deliver.doctor.spf_macros import BadMacro, expand

if TYPE_CHECKING:
    from jianbao.deliver.doctor.names import Dns

Ip = IPv4Address | IPv6Address

#: RFC 7208, 4.6.4: terms that ask the DNS, those among them without an answer, names of one MX.
_LOOKUPS, _VOID, _MX_NAMES = 10, 2, 10
_TERM = re.compile(r"(?P<sign>[-+~?]?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[:/].*)?")
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_.-]*)=(?P<value>.*)")
_VERSION = re.compile(r"v=spf1( |$)", re.IGNORECASE)


class Result(StrEnum):
    """Of a check (RFC 7208, 2.6); `Unanswered` takes the place of "temperror"."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105  (RFC 7208's word)
    FAIL = "fail"
    SOFTFAIL = "softfail"
    PERMERROR = "permerror"


_SIGNS = {"": Result.PASS, "+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where mail comes from: an address, or the ``include`` with which a provider vouches.

    ``guessed``: it is where the mail server takes mail; it may send from elsewhere.
    """

    address: Ip | None = None
    include: str = ""
    guessed: bool = False

    def __str__(self) -> str:
        return f"include:{self.include}" if self.include else str(self.address)


@dataclass(frozen=True, slots=True)
class SpfCheck:
    """``record``: that of the domain itself; ``why``: the term that decided, or what is wrong.

    ``remedy`` is for what is wrong.
    """

    result: Result
    record: str = ""
    why: str = ""
    lookups: int = 0
    remedy: str = ""


class _Wrong(Exception):
    """A record that has no meaning ("permerror")."""

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of the record of ``domain``: its name, what follows it, and all as it is written."""

    domain: str
    name: str
    rest: str
    text: str

    def wrong(self) -> _Wrong:
        """That nobody can make sense of it."""
        return _Wrong(f"{self.domain} 的 SPF 记录里 {self.text} 读不懂")


def check_spf(dns: Dns, sender: str, origin: Origin) -> SpfCheck:
    """What the domain of the address ``sender`` says of mail from ``origin``.

    Raises:
        Unanswered: The DNS did not answer.
    """
    walk = _Walk(dns, sender, origin)
    domain = sender.rpartition("@")[2]
    record = ""
    try:
        record = walk.record(domain)
        if not record:
            return SpfCheck(Result.NONE)
        result, why = walk.evaluate(domain, record)
    except _Wrong as wrong:
        return SpfCheck(Result.PERMERROR, record, str(wrong), walk.lookups, wrong.remedy)
    return SpfCheck(result, record, why, walk.lookups)


@dataclass
class _Walk:
    """One check, which may ask the DNS only so often."""

    dns: Dns
    sender: str
    origin: Origin
    lookups: int = 0
    _void: int = 0

    def record(self, domain: str) -> str:
        """The SPF record of ``domain``; "" for none."""
        found = [text for text in self.dns(domain, "TXT") if _VERSION.match(text)]
        if len(found) > 1:
            why = f"{domain} 有 {len(found)} 条 SPF 记录，只能有一条"
            raise _Wrong(why, "把它们合成一条 TXT 记录")
        return found[0] if found else ""

    def evaluate(self, domain: str, record: str) -> tuple[Result, str]:
        """What ``record`` comes to, and the term that decides."""
        redirect = ""
        for term in record.split()[1:]:
            if modifier := _MODIFIER.fullmatch(term):
                if modifier["name"].lower() == "redirect":
                    redirect = modifier["value"]
                continue
            found = _TERM.fullmatch(term)
            if found is None:
                raise _Term(domain, "", "", term).wrong()
            if self._matches(_Term(domain, found["name"].lower(), found["rest"] or "", term)):
                return _SIGNS.get(found["sign"], Result.NEUTRAL), term
        if redirect:
            return self._redirected(domain, redirect)
        return Result.NEUTRAL, "没有一项说到它"

    def _redirected(self, domain: str, target: str) -> tuple[Result, str]:
        self._count()
        name = self._named(_Term(domain, "redirect", "", f"redirect={target}"), target)
        if name == self.origin.include:
            return Result.PASS, f"redirect={target}"
        return self._inner(name, f"redirect={target}")

    def _inner(self, name: str, term: str) -> tuple[Result, str]:
        record = self.record(name)
        if not record:
            raise _Wrong(f"{term} 指的 {name} 没有 SPF 记录", f"从 TXT 记录里删去 {term}")
        result, why = self.evaluate(name, record)
        return result, f"{term} 里的 {why}"

    def _matches(self, term: _Term) -> bool:
        if term.name == "all":
            return True
        if term.name in {"ip4", "ip6"}:
            return self._in_network(term.rest[1:], term.text)
        asks = {
            "a": self._is_host,
            "exists": self._exists,
            "include": self._includes,
            "mx": self._is_host,
            "ptr": self._is_named_in,
        }.get(term.name)
        if asks is None:
            raise term.wrong()
        self._count()
        return asks(term)

    def _includes(self, term: _Term) -> bool:
        target = self._named(term, term.rest[1:])
        if target == self.origin.include:
            return True
        return self._inner(target, term.text)[0] is Result.PASS

    def _exists(self, term: _Term) -> bool:
        return bool(self._asked(self._named(term, term.rest[1:]), "A"))

    def _in_network(self, written: str, term: str) -> bool:
        try:
            network = ip_network(written, strict=False)
        except ValueError as error:
            raise _Wrong(f"SPF 记录里 {term} 不是网段") from error
        return self.origin.address is not None and self.origin.address in network

    def _is_host(self, term: _Term) -> bool:
        """Whether the origin is, or is near, a host that ``a`` or ``mx`` names."""
        found = re.fullmatch(r"(?::(?P<host>.+?))?(?:/(?P<v4>\d+))?(?://(?P<v6>\d+))?", term.rest)
        if found is None:
            raise term.wrong()
        named = self._named(term, found["host"] or "%{d}")
        if self.origin.address is None:
            return False
        is_v4 = self.origin.address.version == 4  # noqa: PLR2004  (IPv4)
        length = found["v4" if is_v4 else "v6"] or ("32" if is_v4 else "128")
        hosts = [named] if term.name == "a" else self._exchangers(named)
        addresses = [one for host in hosts for one in self._asked(host, "A" if is_v4 else "AAAA")]
        return any(self._in_network(f"{one}/{length}", term.text) for one in addresses)

    def _exchangers(self, domain: str) -> list[str]:
        hosts = [record.split()[-1] for record in self._asked(domain, "MX")]
        if len(hosts) > _MX_NAMES:
            raise _Wrong(f"{domain} 的 MX 超过 {_MX_NAMES} 个")
        return hosts

    def _is_named_in(self, term: _Term) -> bool:
        domain = self._named(term, term.rest[1:] or "%{d}")
        if self.origin.address is None:
            return False
        own = str(self.origin.address)
        kind = "AAAA" if ":" in own else "A"
        names = self._asked(reverse_name(own), "PTR")[:10]
        inside = [name for name in names if name == domain or name.endswith(f".{domain}")]
        return any(
            ip_address(one) == self.origin.address
            for name in inside
            for one in self.dns(name, kind)
        )

    def _named(self, term: _Term, written: str) -> str:
        """The name that ``written`` in ``term`` comes to."""
        if not written:
            raise term.wrong()
        try:
            name = expand(written, self.sender, term.domain, self.origin.address)
        except BadMacro as error:
            raise term.wrong() from error
        return name.rstrip(".").lower()

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > _LOOKUPS:
            remedy = "从 TXT 记录里删去不再用的 include，或把它们换成所列的 ip4"
            raise _Wrong(f"SPF 记录要查的域名超过 {_LOOKUPS} 个", remedy)

    def _asked(self, name: str, kind: str) -> tuple[str, ...]:
        answer = self.dns(name, kind)
        self._void += not answer
        if self._void > _VOID:
            why = f"SPF 记录里查无结果的域名超过 {_VOID} 个（最后一个是 {name}）"
            raise _Wrong(why, "从 TXT 记录里删去它们")
        return answer
