"""Addresses of originals, and links in bodies; most mistakes are in ``cases/broken``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import ITEM, diagnose, item_text, places

from jianbao.addresses import canonical
from jianbao.check.addresses import is_private

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic


def found_in(url: str, folder: Path) -> tuple[Diagnostic, ...]:
    """What is wrong with an item that gives ``url``."""
    return diagnose(folder, {ITEM: item_text(url=f'"{url}"')})


@pytest.mark.parametrize(
    "url",
    [
        "https://www.nda.gov.cn/sjj/index.html?code=ff80-94&id=2#top",
        "http://www.gov.cn",
        "HTTPS://WWW.GOV.CN/",
        "https://www.gov.cn:8443/a/",
        "https://www.gov.cn./",
        "https://政务.中国/政策/2025.html",
        "https://xn--fiqs8s.cn/",
        "https://1.1.1.1/dns/",
        "https://[2606:4700:4700::1111]/",
        "https://a_b.gov.cn/",
        "https://www.gov.cn/a%20b/(c)/~d'e;f,g!$*+=:@",
        "https://www.gov.cn/#/policy/12",
        "https://localhost.gov.cn/",
        "https://www.example.com.cn/test",
    ],
)
def test_a_public_address_is_fine_as_it_is_given(url: str, tmp_path: Path) -> None:
    assert found_in(url, tmp_path) == ()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0",
        "0x7f000001",
        "017700000001",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.0.1",
        "100.64.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%25eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "nas",
        "nas.local",
        "a.b.lan",
        "oa.internal",
        "router.home.arpa",
        "www.test",
        "a.invalid",
        "a.example",
        "oa.corp",
    ],
)
def test_a_host_that_only_some_network_knows_is_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host", ["www.gov.cn", "8.8.8.8", "2606:4700::1", "local.gov.cn", "lan.com", "政务.中国"]
)
def test_a_host_that_everybody_knows_is_not_private(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1.", "１２７.0.0.1", "127。0。0。1", "256.1.1.1", "1.2.3.4.5", "0x7f.0.0.256"],
    ids=["dot", "full-width digits", "Chinese stops", "too large", "five", "hexadecimal"],
)
def test_an_odd_form_of_an_ip_address_does_not_pass(host: str, tmp_path: Path) -> None:
    assert found_in(f"http://{host}/", tmp_path) != ()


@pytest.mark.parametrize(
    "url",
    [
        "https://ｗｗｗ.nda.gov.cn/",
        "https://www.nda.gov.cn/?id＝1",
        "https://www.nda.gov.cn/a％20b",
        "https://www.nda.gov.cn/a\u00adb",
        "https://www.nda.gov.cn/\u202ecod.exe",
        r"https://www.nda.gov.cn/\x07",
        r"https://www.nda.gov.cn/\ud800",
        "https://www.nda.gov.cn/……",
        "https://www.nda.gov.cn/「甲」",
    ],
    ids=[
        "letters",
        "equals",
        "percent",
        "soft hyphen",
        "bidi",
        "bell",
        "surrogate",
        "ellipsis",
        "corner brackets",
    ],
)
def test_a_character_that_no_address_has_does_not_pass(url: str, tmp_path: Path) -> None:
    assert [(path, line) for path, line, *_ in places(found_in(url, tmp_path))] == [(ITEM, 5)]


@pytest.mark.parametrize("port", ["99999", "abc", "80a"])
def test_a_port_that_is_none_is_named(port: str, tmp_path: Path) -> None:
    (found,) = found_in(f"https://www.nda.gov.cn:{port}/1.html", tmp_path)

    assert "端口" in found.message
    assert "以 https:// 或 http:// 开头" not in str(found.hint)


def test_a_host_with_a_port_is_not_taken_for_a_scheme(tmp_path: Path) -> None:
    (found,) = found_in("www.nda.gov.cn:8080/1.html", tmp_path)

    assert found.message == "网址不完整：www.nda.gov.cn:8080/1.html"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.cn/1", "http://a.cn/1"),
        ("https://a.cn/1", "https://a.cn/1/"),
        ("https://a.cn", "https://A.CN/"),
        ("https://a.cn:443/1", "http://a.cn:80/1"),
        ("https://a.cn/1#top", "https://a.cn/1"),
        ("https://a.cn/?id=1#a", "https://a.cn/?id=1#b"),
    ],
)
def test_two_addresses_of_one_page_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.cn/1", "https://a.cn/2"),
        ("https://a.cn/?id=1", "https://a.cn/?id=2"),
        ("https://a.cn/#/1", "https://a.cn/#/2"),
        ("https://a.cn/#!1", "https://a.cn/#!2"),
        ("https://a.cn/a", "https://a.cn/A"),
        ("https://a.cn:8080/", "https://a.cn/"),
        ("https://[", "https://a.cn/"),
    ],
)
def test_addresses_of_two_pages_are_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "link",
    [
        "[甲](https://a.cn)",
        "[甲](HTTP://a.cn/b)",
        "[甲](mailto:a@b.cn)",
        "<https://a.cn>",
        "<a@b.cn>",
    ],
)
def test_a_link_that_a_reader_can_follow_is_fine(link: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, {ITEM: item_text(f"见{link}。\n")}) == ()


def test_a_link_in_a_quotation_in_a_list_has_a_place(tmp_path: Path) -> None:
    body = "1. 甲\n\n   > 乙\n   > [丙](a.html) <javascript:b>\n"

    found = diagnose(tmp_path, {ITEM: item_text(body)})

    assert places(found) == [(ITEM, 11, 10, "link-invalid"), (ITEM, 11, 19, "link-invalid")]
