"""Letters as mail programs read them, and as the wire wants them."""

from __future__ import annotations

import email
import email.policy
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import CONTENTS, ENTRY, PDF, READER, SETTINGS, data, letter

from jianbao.deliver.keys import Key
from jianbao.deliver.letters.dkim import read_signer
from jianbao.deliver.letters.letter_templates import mail_templates
from jianbao.deliver.letters.message import compose, message_id
from jianbao.deliver.letters.stamp import Mark, MarkedPdf
from jianbao.delivery import Attach, DkimSettings, Mailbox
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

LINK = replace(SETTINGS, attach=Attach.LINK, base_url="https://brief.example.org")


def parsed(content: bytes) -> EmailMessage:
    """As a mail program reads it."""
    message: EmailMessage = email.message_from_bytes(content, policy=email.policy.default)
    assert [defect for part in message.walk() for defect in part.defects] == []
    return message


def test_the_head_of_a_letter() -> None:
    head, _, _ = data(letter()).partition(b"\r\n\r\n")

    assert head.decode().split("\r\n") == [
        "Date: Mon, 10 Feb 2025 01:30:00 +0000",
        "To: =?utf-8?b?54aK5pma56eL?=",
        " <reader@example.com>",
        "Message-ID: <0123456789abcdef@example.org>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        (
            "List-Unsubscribe: <https://brief.example.org/u/abc?t=1&k=2>,"
            " <mailto:editors@example.org?subject=unsubscribe>"
        ),
        "From: =?utf-8?b?5aSn5pWw5o2u5Y+R5bGV5Yqo5oCB?=",
        " <brief@example.org>",
        "Reply-To: editors@example.org",
        "Subject: =?utf-8?b?5aSn5pWw5o2u5Y+R5bGV5Yqo5oCBIDIwMjXlubTnrKw05pyf77yI5oC7?=",
        " =?utf-8?b?56ysMjE35pyf77yJ77ya5LiJ5Lu95YWs5YWx5pWw5o2u6LWE5rqQ5pS/562W5paH?=",
        " =?utf-8?b?5Lu25Ye65Y+w?=",
        "List-Id: =?utf-8?b?5aSn5pWw5o2u5Y+R5bGV5Yqo5oCB?=",
        " <brief.example.org>",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="=_jianbao_mixed"',
    ]


def test_a_mail_program_finds_text_and_pages_and_the_file() -> None:
    message = parsed(data(letter()))

    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "大数据发展动态-2025年第4期-总第217期.pdf"
    assert attached.get_content() == PDF.pdf.content


def test_the_text_of_a_letter() -> None:
    body = parsed(data(letter())).get_body(("plain",))

    assert body is not None
    assert body.get_content() == (
        "大数据发展动态\n"
        "2025年第4期（总第217期） 2025年2月10日\n"
        "\n"
        "本期要题：三份公共数据资源政策文件出台\n"
        "\n"
        "全文见附件 大数据发展动态-2025年第4期-总第217期.pdf\n"
        "\n"
        "本期要目\n"
        "\n"
        "【国策要论】\n"
        "1. 国家数据局<发布>《数据条例》（来源：国家数据局） 第3页\n"
        "   摘要一句。\n"
        "   原文：https://www.nda.gov.cn/1.html?a=1&b=2\n"
        "\n"
        "--\n"
        "您收到这封邮件，是因为这个邮箱订阅了《大数据发展动态》。\n"
        "退订：https://brief.example.org/u/abc?t=1&k=2\n"
        "联系编辑部：editors@example.org\n"
    )


def test_the_pages_are_escaped_and_show_nothing_from_elsewhere() -> None:
    body = parsed(data(letter())).get_body(("html",))

    assert body is not None
    html = body.get_content()
    assert "国家数据局&lt;发布&gt;《数据条例》" in html
    assert 'href="https://www.nda.gov.cn/1.html?a=1&amp;b=2"' in html
    assert 'href="https://brief.example.org/u/abc?t=1&amp;k=2"' in html
    assert re.findall(r"<(?:img|link|script|iframe|video|audio|style)\b|url\(|src=", html) == []


def test_a_file_name_stands_in_the_forms_that_programs_read() -> None:
    content = data(letter())

    word = "=?UTF-8?B?5aSn5pWw5o2u5Y+R5bGV5Yqo5oCBLTIwMjXlubTnrKw05pyfLeaAu+esrDIxN+acny5wZGY=?="
    assert f'Content-Type: application/pdf;\r\n name="{word}"\r\n'.encode() in content
    assert (
        f'Content-Disposition: attachment;\r\n filename="{word}";\r\n'
        " filename*=UTF-8''%E5%A4%A7%E6%95%B0%E6%8D%AE%E5%8F%91%E5%B1%95%E5%8A%A8%E6%80%81"
        "-2025%E5%B9%B4%E7%AC%AC4%E6%9C%9F-%E6%80%BB%E7%AC%AC217%E6%9C%9F.pdf\r\n"
    ).encode() in content


def test_a_link_takes_the_place_of_the_file() -> None:
    message = parsed(data(letter(LINK)))

    assert message.get_content_type() == "multipart/alternative"
    body = message.get_body(("plain",))
    assert body is not None
    assert (
        "全文（PDF）：https://brief.example.org/2025-04/%E5%A4%A7%E6%95%B0%E6%8D%AE"
        in body.get_content()
    )


def test_without_a_page_to_unsubscribe_a_letter_to_the_editors_does() -> None:
    message = parsed(data(letter(), replace(READER, unsubscribe_url="")))

    assert message["List-Unsubscribe"] == "<mailto:editors@example.org?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert "退订：mailto:editors@example.org?subject=unsubscribe\n" in body.get_content()


def test_one_click_is_offered_over_https_alone() -> None:
    message = parsed(data(letter(), replace(READER, unsubscribe_url="http://127.0.0.1:1/u")))

    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("settings", [SETTINGS, LINK])
def test_no_line_begins_with_a_dot_or_is_too_long(settings: object) -> None:
    content = data(letter(settings))  # type: ignore[arg-type]  (parametrize knows no types)

    lines = content.split(b"\r\n")
    assert not any(line.startswith(b".") for line in lines)
    assert max(map(len, lines)) <= 998
    assert content.endswith(b"\r\n")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.isascii()


BAD_TEXT = ["a\r\nBcc: x@example.org", "a\nb", "a\0b", "a\u2028b", "a\x85b", "a\ud800b", "a\x1bb"]


@pytest.mark.parametrize("text", BAD_TEXT)
def test_nothing_is_smuggled_into_a_head(text: str) -> None:
    with pytest.raises(UsageProblem):
        letter(headline=text.replace("\n", "\0"))  # templates make spaces of line ends
    with pytest.raises(UsageProblem):
        letter(publication=text)
    with pytest.raises(UsageProblem):
        letter(replace(SETTINGS, sender=Mailbox(address="brief@example.org", name=text)))
    for copy in (
        replace(READER, to=Mailbox(address="reader@example.com", name=text)),
        replace(READER, to=Mailbox(address=f"{text}@example.com")),
        replace(READER, message_id=text),
        replace(READER, unsubscribe_url=f"https://example.org/{text}"),
    ):
        with pytest.raises(UsageProblem):
            letter().copy_for(copy)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "@example.com",
        "reader@",
        "a b@example.com",
        "a@b@example.com",
        "<a@example.com>",
        "a@example.com,b@example.com",
        "读者@example.com",
        "a@例子.cn",
    ],
)
def test_an_address_that_smtp_cannot_carry_is_refused(address: str) -> None:
    with pytest.raises(UsageProblem, match="邮箱地址不能用"):
        letter().copy_for(replace(READER, to=Mailbox(address=address)))


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../../etc/passwd", "a/b.pdf", "a\\b.pdf", "C:x.pdf", "a\0.pdf", "a" * 300],
)
def test_a_file_name_that_could_be_a_path_is_refused(name: str) -> None:
    with pytest.raises(UsageProblem, match="附件的文件名"):
        letter(attachment=replace(PDF, file_name=name))


def test_a_template_must_say_how_to_unsubscribe(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "letter.txt.j2").write_text("{{ contents.headline }}", "utf-8")

    with pytest.raises(UsageProblem, match="没有退订的办法"):
        compose(CONTENTS, SETTINGS, mail_templates((tmp_path,)), PDF)


def test_a_publication_words_its_letters_itself(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "subject.txt.j2").write_text("{{ contents.headline }}\n", "utf-8")
    (tmp_path / "mail" / "letter.html.j2").write_text(
        '{% extends "theme/mail/letter.html.j2" %}\n{% block head %}<h1>某报</h1>{% endblock %}',
        "utf-8",
    )

    made = compose(CONTENTS, SETTINGS, mail_templates((tmp_path,)), PDF)

    assert made.subject == "三份公共数据资源政策文件出台"
    body = parsed(data(made)).get_body(("html",))
    assert body is not None
    assert "<h1>某报</h1>" in body.get_content()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ nobody }}", "模板 mail/subject.txt.j2 第 1 行出错：'nobody' is undefined"),
        ("\n{% if %}", "模板 mail/subject.txt.j2 第 2 行语法有误"),
        ('{% include "x.j2" %}', "找不到模板 x.j2"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "subject.txt.j2").write_text(text, "utf-8")

    with pytest.raises(UsageProblem) as found:
        compose(CONTENTS, SETTINGS, mail_templates((tmp_path,)), PDF)

    assert found.value.message.startswith(told)


CODE = "AFPY-NXVQ-9VUR-SJWB"


@given(
    st.binary(max_size=400),
    st.lists(st.tuples(st.binary(max_size=200)), min_size=1, max_size=3),
)
def test_a_mark_is_set_wherever_it_lies(head: bytes, rest: list[tuple[bytes]]) -> None:
    content, marks = head, []
    for (between,) in rest:
        marks.append(Mark(len(content), len(content) + len(CODE)))
        content += b"0000-0000-0000-0000" + between
    pdf = MarkedPdf(content, tuple(marks))

    message = parsed(data(letter(attachment=replace(PDF, pdf=pdf)), replace(READER, code=CODE)))

    (attached,) = message.iter_attachments()
    assert attached.get_content() == pdf.copy_for(CODE)


def test_copies_share_the_attachment() -> None:
    made = letter(attachment=replace(PDF, pdf=MarkedPdf(bytes(1_000_000))))

    first, second = made.copy_for(READER), made.copy_for(READER)

    shared = sum(len(piece) for piece in first if isinstance(piece, memoryview))
    assert shared > 0.99 * made.size_for(READER)
    assert [p.obj for p in first if isinstance(p, memoryview)] == [
        p.obj for p in second if isinstance(p, memoryview)
    ]


def test_a_message_id_is_the_same_each_time_and_tells_nobody_whose_it_is() -> None:
    key = Key("A", bytes(32))

    made = message_id(key, "2025-04", "17", "example.org")

    assert made == message_id(key, "2025-04", "17", "example.org")
    assert re.fullmatch(r"<[a-z2-7]{32}@example\.org>", made)
    others = {
        message_id(key, c, r, "example.org") for c, r in [("2025-041", "7"), ("2025-05", "17")]
    }
    assert made not in others


@pytest.fixture(scope="module")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A key's file, and what DNS says of it."""
    file = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(
        ["openssl", "genrsa", "-traditional", "-out", str(file), "2048"],
        check=True,
        capture_output=True,
    )
    public = subprocess.run(
        ["openssl", "rsa", "-in", str(file), "-pubout"], check=True, capture_output=True
    ).stdout
    return file, b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


DKIM = DkimSettings(selector="jianbao", domain="", key_file="dkim.pem")


@pytest.mark.parametrize("settings", [SETTINGS, LINK])
def test_a_signature_is_valid_for_whoever_checks_it(
    settings: object, dkim_key: tuple[Path, bytes]
) -> None:
    file, public = dkim_key
    signer = read_signer(DKIM, file, "example.org")
    content = data(letter(settings, signer=signer))  # type: ignore[arg-type]  (as above)
    asked = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        asked.append(name)
        return public

    assert dkim.verify(content, dnsfunc=dns)
    assert asked == [b"jianbao._domainkey.example.org."]
    signed = re.search(rb" h=([^;]+);", content)
    assert signed is not None
    assert {b"List-Unsubscribe", b"List-Unsubscribe-Post", b"From"} <= set(signed[1].split(b":"))
    assert not dkim.verify(content.replace(b"2025 01:30", b"2025 01:31"), dnsfunc=dns)


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "dkim.pem").write_text("no key", "utf-8")

    with pytest.raises(UsageProblem, match="读不到 DKIM 私钥"):
        read_signer(DKIM, tmp_path / "dkim.pem", "example.org")


def test_an_item_without_an_original_has_no_link() -> None:
    section = replace(CONTENTS.sections[0], entries=(replace(ENTRY, url="", page=0, summary=""),))

    body = parsed(data(letter(sections=(section,)))).get_body(("plain",))

    assert body is not None
    assert "1. 国家数据局<发布>《数据条例》（来源：国家数据局）\n\n--" in body.get_content()
