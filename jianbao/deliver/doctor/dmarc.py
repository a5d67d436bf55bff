"""What receivers are to make of mail that says it is from a domain (DMARC, RFC 7489)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.observations import Observation, State
from jianbao.deliver.doctor.tags import read_tags

if TYPE_CHECKING:
    from jianbao.deliver.doctor.names import Dns

_SUBJECT = "DMARC"
_POLICIES = frozenset({"none", "quarantine", "reject"})


@dataclass(frozen=True, slots=True)
class Policy:
    """The records that apply to mail from ``sender``; ``owner`` is the domain they stand at."""

    sender: str
    owner: str
    records: tuple[str, ...]

    def aligned(self, domain: str, *, strict: bool) -> bool:
        """Whether what was proved of ``domain`` proves the sender (RFC 7489, 3.1)."""
        if strict:
            return domain == self.sender
        return domain == self.owner or domain.endswith(f".{self.owner}")

    def is_strict(self, tag: str) -> bool:
        """Whether ``adkim`` or ``aspf`` asks for the very domain."""
        tags = read_tags(self.records[0]) if len(self.records) == 1 else None
        return (tags or {}).get(tag, "r") == "s"


def find_policy(dns: Dns, domain: str) -> Policy:
    """The policy for mail from ``domain``, which may stand at a domain above it.

    From there up to two labels, as the successor of RFC 7489 does it: no list of public
    suffixes is needed, and nobody publishes a policy at org.cn.

    Raises:
        Unanswered: The DNS did not answer.
    """
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        owner = ".".join(labels[start:])
        found = tuple(one for one in dns(f"_dmarc.{owner}", "TXT") if _is_dmarc(one))
        if found:
            return Policy(domain, owner, found)
    return Policy(domain, domain, ())


def assess_policy(policy: Policy) -> Observation:
    """Whether ``policy`` is what large receivers ask for: any, without a mistake in it."""
    enter = (
        f'在 DNS 写 TXT 记录 _dmarc.{policy.owner}，值为 "v=DMARC1; p=none; '
        f'rua=mailto:postmaster@{policy.owner}"；看过一阵报告再把 p 改成 quarantine'
    )
    if not policy.records:
        said = f"{policy.sender} 没有 DMARC 记录；Gmail 等要求大批发信的域名有"
        return Observation(_SUBJECT, State.BAD, said, enter)
    place = f"_dmarc.{policy.owner}"
    if len(policy.records) > 1:
        said = f"{place} 有 {len(policy.records)} 条 DMARC 记录，等于没有"
        return Observation(_SUBJECT, State.BAD, said, "只留一条")
    tags = read_tags(policy.records[0])
    if tags is None or tags.get("p", "").lower() not in _POLICIES:
        said = f"{place} 的记录读不懂：{policy.records[0][:80]}"
        return Observation(_SUBJECT, State.BAD, said, enter)
    name = "sp" if policy.owner != policy.sender and "sp" in tags else "p"
    said = f"{place} 写着 {name}={tags[name]}"
    if "rua" not in tags:
        return Observation(
            _SUBJECT,
            State.NOTE,
            f"{said}，没有 rua，收不到报告",
            f"在 {place} 里加 rua=mailto:postmaster@{policy.owner}",
        )
    return Observation(_SUBJECT, State.GOOD, said)


def assess_alignment(policy: Policy, envelope: str, signed_by: str) -> Observation:
    """Whether SPF or DKIM, if it passes, proves the From; ``signed_by`` is "" if nobody knows."""
    spf = policy.aligned(envelope, strict=policy.is_strict("aspf"))
    dkim = bool(signed_by) and policy.aligned(signed_by, strict=policy.is_strict("adkim"))
    ways = [name for name, is_aligned in (("SPF", spf), ("DKIM", dkim)) if is_aligned]
    if ways:
        said = f"发件人的域名 {policy.sender} 与 {'、'.join(ways)} 的域名一致"
        return Observation("From 对齐", State.GOOD, said)
    remedy = f"把 [delivery] bounces 改成 {policy.sender} 的邮箱，或用 {policy.sender} 签名"
    others = f"发件人的域名是 {policy.sender}，退信地址是 {envelope}"
    if signed_by:
        said = f"{others}，签名是 {signed_by}：DMARC 通不过"
        return Observation("From 对齐", State.BAD, said, remedy)
    said = f"{others}：除非邮件服务器用 {policy.sender} 签名，DMARC 通不过"
    return Observation("From 对齐", State.NOTE, said, remedy)


def _is_dmarc(record: str) -> bool:
    return record.replace(" ", "").lower().startswith("v=dmarc1")
