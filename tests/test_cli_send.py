"""``jianbao send``, from the list to the report, through a mail server of the test's own."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
from typing import TYPE_CHECKING

import pikepdf
import pytest
from fakes.post_office import PostOffice
from workspaces import CONFIGURATION, ITEM, PUBLICATION, Ran, item_text, make_workspace

from jianbao.deliver.letters.trace import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("loopback")

_PDF = b"%PDF-1.7 made for a test"
_NAME = "简报-2025年第4期-总第217期.pdf"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """Refuses readers who are called bad."""
    (tmp_path / "mail.log").touch()
    refuse = {True: "550 5.1.1 no such user", False: ""}
    with PostOffice(
        tmp_path / "mail.log", reply_to=lambda to: refuse[to.startswith("bad")], keep=True
    ) as office:
        yield office


@pytest.fixture
def folder(tmp_path: Path, office: PostOffice) -> Path:
    """A workspace with a built issue and a list of three."""
    server = f'[delivery]\nsmtp = "smtp://127.0.0.1:{office.port}"\njournal = "../mail.log"\n'
    sender = 'sender = "简报 <brief@example.org>"\n'
    folder = make_workspace(tmp_path / "w", {CONFIGURATION: PUBLICATION + server + sender})
    build_for_test(folder, _PDF)
    (folder / "list.csv").write_text("email,name\na@qq.com,甲\nb@163.com,乙\nbad@x.cn,丙\n")
    return folder


def build_for_test(folder: Path, pdf: bytes) -> None:
    """Lay down what ``jianbao build`` would leave of an issue with this ``pdf``."""
    output = folder / "output" / "2025-04"
    output.mkdir(parents=True, exist_ok=True)
    (output / _NAME).write_bytes(pdf)
    entry = {"edition": "pdf", "path": _NAME, "sha256": hashlib.sha256(pdf).hexdigest()}
    (output / "build.json").write_text(json.dumps({"artifacts": [entry], "items": []}))


def test_an_issue_goes_from_the_list_to_the_report(
    folder: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    assert jianbao(folder, "subscribers", "import", "list.csv", "--yes").code == 0

    dry = jianbao(folder, "send", "2025-04")
    assert (dry.code, office.by_address) == (0, {})
    assert "送给 3 位（列表里共 3 位）" in dry.out
    assert "\n    To: =?utf-8?b?566A5oql?=\n     <brief@example.org>\n" in dry.out
    assert "List-Unsubscribe: <mailto:brief@example.org?subject=unsubscribe>\n" in dry.out
    assert "没有写 base_url，信里没有退订的链接" in dry.err

    assert jianbao(folder, "send", "2025-04", "--test", "me@x.cn").code == 0
    sent = jianbao(folder, "send", "2025-04", "--send", "--yes")
    assert (sent.code, sent.out.splitlines()[0]) == (4, "2025-04：名单 3 位，已交出 2，退回 1")
    assert office.by_address == {"me@x.cn": 1, "a@qq.com": 1, "b@163.com": 1}

    assert jianbao(folder, "send", "2025-04", "--send", "--yes").code == 4
    assert sum(office.by_address.values()) == 3

    assert jianbao(folder, "send", "2025-04", "--report", "r.csv").code == 0
    assert "bad@x.cn,退回,1," in (folder / "r.csv").read_text("utf-8-sig")


def test_a_segment_is_chosen_by_what_else_is_kept(
    folder: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    (folder / "list.csv").write_text("email,单位\na@qq.com,研究院\nb@163.com,数据局\n")
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")

    ran = jianbao(folder, "send", "2025-04", "--where", "单位=研究院", "--send", "--yes")

    assert (ran.code, office.by_address) == (0, {"a@qq.com": 1})
    assert jianbao(folder, "send", "2025-04", "--where", "单位=数据局") == Ran(
        2,
        "",
        "错误：2025-04 已经开始发送，送给谁已经定下\n怎么办：去掉 --list、--tag、--where\n",
    )
    assert jianbao(folder, "send", "2025-04", "--where", "单位") == Ran(
        2,
        "",
        "错误：--where 单位：看不懂\n怎么办：写成 --where 单位=研究院\n",
    )


def test_a_reader_whom_the_server_does_not_know_is_suppressed_until_forgiven(
    folder: Path, jianbao: Callable[..., Ran]
) -> None:
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    jianbao(folder, "send", "2025-04", "--send", "--yes")

    assert "停发：退信" in jianbao(folder, "subscribers", "list", "--search", "bad").out
    assert "bad@x.cn  收件人不存在" in jianbao(folder, "bounces", "list").out

    forgiven = jianbao(folder, "bounces", "forgive", "bad@x.cn")
    assert forgiven.out == "bad@x.cn：1 封退信不再算，恢复发信\n"
    assert "停发" not in jianbao(folder, "subscribers", "list").out


def test_a_pdf_that_was_built_anew_is_not_mixed_in(
    folder: Path, jianbao: Callable[..., Ran]
) -> None:
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    jianbao(folder, "send", "2025-04", "--send", "--yes")
    build_for_test(folder, _PDF + b"2")

    ran = jianbao(folder, "send", "2025-04", "--send", "--yes")

    assert ran.code == 4
    assert "jianbao send 2025-04 --send --replace" in ran.err


def test_an_issue_with_errors_is_not_sent(
    folder: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    (folder / ITEM).write_text(item_text(source=None))

    ran = jianbao(folder, "send", "2025-04", "--send", "--yes")

    assert (ran.code, office.taken) == (1, {})
    assert "2025-04 不能付印，没有发送" in ran.err


def test_a_paused_campaign_waits_for_resume(folder: Path, jianbao: Callable[..., Ran]) -> None:
    (folder / "list.csv").write_text("email\n" + "".join(f"bad{n}@x.cn\n" for n in range(30)))
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")

    ran = jianbao(folder, "send", "2025-04", "--send", "--yes")

    assert ran.code == 4
    assert "已暂停：连续 1" in ran.err
    assert "jianbao send 2025-04 --resume --send" in ran.err


def test_a_leaked_copy_is_traced_to_its_reader(
    folder: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    pdf = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(pdf)
    build_for_test(folder, pdf.getvalue())
    with (folder / CONFIGURATION).open("a") as opened:
        opened.write("stamp = true\n")
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    jianbao(folder, "send", "2025-04", "--send", "--yes")
    sent = [email.message_from_bytes(one, policy=email.policy.default) for one in office.messages]
    copies = {one["To"].addresses[0].addr_spec: one for one in sent}
    (leaked,) = copies["b@163.com"].iter_attachments()
    (folder / "leaked.pdf").write_bytes(leaked.get_content())
    (code,) = trace(leaked.get_content())

    found = jianbao(folder, "trace", "leaked.pdf")
    typed = jianbao(folder, "trace", code.lower())

    assert found.code == 0
    assert found.out.startswith(f"{code}：2025-04 发给 乙 <b@163.com>，")
    assert (typed.code, typed.out) == (found.code, found.out)
    assert len({trace(next(one.iter_attachments()).get_content()) for one in sent}) == len(sent)


@pytest.mark.parametrize(
    ("what", "code", "told"),
    [
        ("plain.pdf", 1, "里面没有编号：没有盖过，被去掉了，或者页面只是图片\n"),
        ("list.csv", 2, "错误：list.csv 不是 PDF\n"),
        ("nothing.pdf", 2, "错误：没有 nothing.pdf 这个文件，也不是一个编号，或者输错了一位\n"),
        ("B222-2222-2222-222X", 2, "错误：没有 B222-2222-2222-222X 这个文件"),
    ],
)
def test_what_cannot_be_traced(
    folder: Path, jianbao: Callable[..., Ran], what: str, code: int, told: str
) -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(folder / "plain.pdf")

    ran = jianbao(folder, "trace", what)

    assert ran.code == code
    assert (ran.out or ran.err).startswith(told)
