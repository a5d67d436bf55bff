"""The public half of a DKIM key, as the DNS has it (RFC 6376, 3.6.1)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dkim.crypto import UnparsableKeyError, parse_public_key

from jianbao.deliver.doctor.observations import Observation, State
from jianbao.deliver.doctor.tags import read_tags

if TYPE_CHECKING:
    from jianbao.deliver.dkim import Signer
    from jianbao.deliver.doctor.names import Dns

#: RFC 8301, 3.2: shorter keys are not to be trusted, and so long they should be.
_SHORTEST, _LONG_ENOUGH = 1024, 2048
#: Selectors that mail servers and providers use unless told otherwise.
COMMON = (
    "default",
    "dkim",
    "mail",
    "jianbao",
    "s1",
    "s2",
    "k1",
    "selector1",
    "selector2",
    "google",
)
_SUBJECT = "DKIM"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands."""

    selector: str
    domain: str

    def __str__(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


def assess_own_key(dns: Dns, signer: Signer) -> Observation:
    """Whether readers' servers can verify what ``signer`` signs.

    Raises:
        Unanswered: The DNS did not answer.
    """
    place = _Place(signer.selector, signer.domain)
    enter = f'在 DNS 写 TXT 记录 {place}，值为 "v=DKIM1; k=rsa; p={_public(signer.key)}"'
    records = dns(str(place), "TXT")
    if not records:
        return Observation(_SUBJECT, State.BAD, f"{place} 没有公钥，签名无从验证", enter)
    wrong = _wrong(records)
    if wrong:
        return Observation(_SUBJECT, State.BAD, f"{place} {wrong}", enter)
    key = _key(records)
    if key is None or key["modulus"] != signer.key["modulus"]:
        said = f"{place} 的公钥与本机的私钥不是一对，签名通不过"
        return Observation(_SUBJECT, State.BAD, said, enter)
    better = "openssl genrsa -traditional -out dkim.pem 2048 做一个新的，再照本命令的话写公钥"
    return _fit(place, records, "与本机的私钥相符", better)


def assess_selectors(dns: Dns, domain: str, selectors: tuple[str, ...]) -> Observation:
    """Whether the DNS has a key of ``domain`` with which its mail server may sign.

    Raises:
        Unanswered: The DNS did not answer.
    """
    places = [_Place(selector, domain) for selector in selectors]
    there = [(place, records) for place in places if (records := dns(str(place), "TXT"))]
    if not there:
        names = "、".join(selectors)
        said = f"{domain} 没有找到 DKIM 公钥（试过 {names}），看不出邮件服务器签不签名"
        remedy = (
            "在邮件服务商的后台开启 DKIM，把它给的 TXT 记录加进 DNS；"
            "已经开启的，用 --selector 写出选择器再查一遍"
        )
        return Observation(_SUBJECT, State.NOTE, said, remedy)
    for place, records in there:
        wrong = _wrong(records)
        if wrong is None:
            return _fit(place, records, "由邮件服务器签名", "在邮件服务商的后台换一个 2048 位的")
    place, records = there[0]
    remedy = "在邮件服务商的后台重新生成 DKIM，照它给的值改 DNS"
    return Observation(_SUBJECT, State.BAD, f"{place} {_wrong(records)}", remedy)


def _fit(place: _Place, records: tuple[str, ...], how: str, better: str) -> Observation:
    tags = read_tags(records[0]) or {}
    if "y" in tags.get("t", "").split(":"):
        said = f"{place} 标着 t=y（试用），收信方会当作没有签名"
        return Observation(_SUBJECT, State.NOTE, said, f"试好了就从 {place} 的 TXT 记录里删去 t=y")
    key = _key(records)
    bits = key["modulus"].bit_length() if key else 256
    kind = "RSA" if key else "Ed25519"
    if key and bits < _LONG_ENOUGH:
        said = f"{place} 是 {bits} 位的 {kind} 公钥，{how}；还能用，宜换成 {_LONG_ENOUGH} 位"
        return Observation(_SUBJECT, State.NOTE, said, better)
    return Observation(_SUBJECT, State.GOOD, f"{place} 是 {bits} 位的 {kind} 公钥，{how}")


def _wrong(records: tuple[str, ...]) -> str | None:
    """Why nobody can verify a signature with ``records``."""
    tags = read_tags(records[0]) or {}
    reasons = (
        (len(records) > 1, f"有 {len(records)} 条 TXT 记录，只能有一条"),
        (
            "p" not in tags or tags.get("v", "DKIM1") != "DKIM1",
            "的 TXT 记录读不懂，应当是 v=DKIM1; k=rsa; p=……",
        ),
        (not tags.get("p"), "的公钥是空的，表示已经作废"),
        ("sha256" not in tags.get("h", "sha256").split(":"), "的 h= 不许用 sha256"),
        (not {"*", "email"} & set(tags.get("s", "*").split(":")), "的 s= 不许用于邮件"),
    )
    wrong = next((why for is_so, why in reasons if is_so), None)
    return wrong if wrong or tags.get("k") == "ed25519" else _unfit(_key(records))


def _unfit(key: dict[str, Any] | None) -> str | None:
    if key is None:
        return "的公钥读不懂，多半是复制时缺了一截"
    bits = int(key["modulus"].bit_length())
    return f"的公钥只有 {bits} 位，至少要 {_SHORTEST} 位" if bits < _SHORTEST else None


def _key(records: tuple[str, ...]) -> dict[str, Any] | None:
    """The RSA key of a record; None where it is none."""
    tags = read_tags(records[0]) or {}
    try:
        key: dict[str, Any] = parse_public_key(base64.b64decode(tags.get("p", ""), validate=True))
    except (UnparsableKeyError, binascii.Error, ValueError):
        return None
    return key


def _public(key: dict[str, Any]) -> str:
    """The public half of a private key as ``p=`` has it: DER of SubjectPublicKeyInfo (RFC 5280)."""
    numbers = _der(0x30, _integer(key["modulus"]) + _integer(key["publicExponent"]))
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")  # rsaEncryption, no parameters
    return base64.b64encode(_der(0x30, rsa + _der(0x03, b"\0" + numbers))).decode()


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:  # noqa: PLR2004  (the short form)
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
