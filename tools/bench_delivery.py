"""Our sender against Debian's smtp-source, both to smtp-sink here (``make bench-delivery``).

They take turns, since a machine has good and bad minutes; what counts is the median of the
ratios. Then the memory of our sender, with the small mail of ``attach = "link"``. Postfix's
two programs need not be installed: its Debian package is unpacked into a scratch folder.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.deliver.campaign import Accepted
from jianbao.deliver.claims import Claim
from jianbao.deliver.contents import Contents, EntriesOfSection, Entry
from jianbao.deliver.keys import Key
from jianbao.deliver.letter_templates import mail_templates
from jianbao.deliver.message import Attachment, Copy, compose, message_id
from jianbao.deliver.post import SmtpPost
from jianbao.deliver.reader_codes import LENGTH, reader_code
from jianbao.deliver.stamp import Mark, MarkedPdf
from jianbao.deliver.wire import Connection, Endpoint
from jianbao.delivery import Attach, DeliverySettings, Mailbox, MailServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.deliver.message import Letter

_CONNECTIONS, _ROUNDS, _MESSAGES = 10, 7, 400
_PDF_BYTES = 1_048_576
_FEW, _MANY = 1_000, 100_000
_SETTINGS = DeliverySettings(
    sender=Mailbox(address="brief@example.org", name="大数据发展动态"),
    base_url="https://brief.example.org",
    connections=_CONNECTIONS,
)
_KEY = Key("A", bytes(32))


def main(arguments: list[str]) -> int:
    """Print the figures; with arguments, send as one of the processes that are measured."""
    if arguments:
        number, attach, messages = arguments
        print(_send(int(number), Attach(attach), int(messages)))
        return 0
    with postfix() as programs, running_sink(programs) as port:
        _rates(programs, port)
        _memory(port)
    return 0


def _rates(programs: Path, port: int) -> None:
    size = str(_letter(Attach.PDF).size_for(_copy(1)))
    source = [str(programs / "smtp-source"), "-d", "-s", str(_CONNECTIONS), "-m", str(_MESSAGES)]
    source += ["-l", size, "-f", "a@example.org", "-t", "b@example.org", f"127.0.0.1:{port}"]
    print(f"{_CONNECTIONS} 条连接，每轮 {_MESSAGES} 封，每封 {int(size):,} 字节，附件各盖各的编号")
    ratios = []
    for number in range(1, _ROUNDS + 1):
        started = time.perf_counter()
        subprocess.run(source, check=True, env=_environment(programs))
        theirs = _MESSAGES / (time.perf_counter() - started)
        ours = float(_ours(port, Attach.PDF, _MESSAGES)[0])
        ratios.append(ours / theirs)
        both = f"smtp-source {theirs:5.0f} 封/秒，我们 {ours:5.0f} 封/秒"
        print(f"  {number}. {both}，{ratios[-1]:.2f}")
    print(f"中位数 {statistics.median(ratios):.2f}（{min(ratios):.2f} 到 {max(ratios):.2f}）")


def _memory(port: int) -> None:
    for attach, messages in ((Attach.PDF, _FEW), (Attach.LINK, _FEW), (Attach.LINK, _MANY)):
        rate, memory = _ours(port, attach, messages)
        kind = "附 PDF" if attach is Attach.PDF else "只给链接"
        megabytes = int(memory) / 1024
        print(f"{messages:7,} 位，{kind}：{float(rate):6.0f} 封/秒，内存 {megabytes:.0f} MB")


def _ours(port: int, attach: Attach, messages: int) -> list[str]:
    command = [sys.executable, __file__, str(port), attach, str(messages)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return ran.stdout.split()


def _send(port: int, attach: Attach, messages: int) -> str:
    """Messages a second, and the most memory in KB."""
    import resource  # noqa: PLC0415  (not on Windows, where there is no smtp-sink either)

    letter = _letter(attach)
    server = Endpoint(server=MailServer(host="127.0.0.1", port=port), encrypted=False)
    post: SmtpPost[Claim] = SmtpPost(
        lambda: Connection.open(server),
        "brief@example.org",
        lambda claim: letter.copy_for(_copy(claim.reader)),
        connections=_CONNECTIONS,
        per_connection=_SETTINGS.per_connection,
    )
    started = time.perf_counter()
    asyncio.run(_carry(post, messages))
    rate = messages / (time.perf_counter() - started)
    return f"{rate} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}"


async def _carry(post: SmtpPost[Claim], messages: int) -> None:
    numbers = iter(range(1, messages + 1))

    async def carrier() -> None:
        for number in numbers:
            posted = await post.send(_claim(number))
            if not isinstance(posted.outcome, Accepted):
                message = f"message {number} was not taken: {posted.outcome}"
                raise SystemExit(message)

    await asyncio.gather(*(carrier() for _ in range(post.connections)))
    await post.close()


def _claim(number: int) -> Claim:
    return Claim(
        id=number,
        reader=number,
        address=f"reader{number}@example.com",
        name="",
        domain="example.com",
        attempt=1,
        message_id="",
    )


def _copy(number: int) -> Copy:
    return Copy(
        to=Mailbox(address=f"reader{number}@example.com"),
        message_id=message_id(_KEY, "2025-04", str(number), "example.org"),
        date=datetime.now(UTC),
        unsubscribe_url=f"https://brief.example.org/u/{number}",
        code=reader_code(_KEY, "2025-04", str(number)),
    )


def _letter(attach: Attach) -> Letter:
    entry = Entry(
        title="国家发展改革委　国家数据局出台三份公共数据资源政策文件",
        source="国家数据局",
        url="https://www.nda.gov.cn/sjj/zwgk/zcfb/0110/20250110.html",
        summary="",
        page=1,
    )
    contents = Contents(
        issue="2025-04",
        publication="大数据发展动态",
        tagline="",
        number=4,
        total=217,
        date=date(2025, 2, 10),
        headline="三份公共数据资源政策文件出台",
        sections=(EntriesOfSection(name="国策要论", entries=(entry,) * 5),),
    )
    # Bytes that base64 makes as much of as of any PDF; smtp-sink reads none of them.
    pdf = random.Random(217).randbytes(_PDF_BYTES)  # noqa: S311  (filler)
    marks = tuple(Mark(start, start + LENGTH) for start in (11_112, 13_106))
    attachment = Attachment(file_name="大数据发展动态.pdf", pdf=MarkedPdf(pdf, marks))
    return compose(contents, replace(_SETTINGS, attach=attach), mail_templates(()), attachment)


@contextmanager
def postfix() -> Iterator[Path]:
    """The folder with smtp-source and smtp-sink."""
    found = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found:
        yield Path(found).parent
        return
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            ["apt-get", "download", "-qq", "postfix"],
            cwd=scratch,
            check=True,
            stderr=subprocess.DEVNULL,  # as root it warns that the folder is root's
        )
        (package,) = Path(scratch).glob("postfix_*.deb")
        subprocess.run(["dpkg", "-x", package, scratch], check=True)
        yield Path(scratch) / "usr" / "sbin"


def _environment(programs: Path) -> dict[str, str]:
    return {**os.environ, "LD_LIBRARY_PATH": str(programs.parent / "lib" / "postfix")}


@contextmanager
def running_sink(programs: Path) -> Iterator[int]:
    """The port of an smtp-sink that takes everything."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it will not run as root
    command = [str(programs / "smtp-sink"), *user, f"127.0.0.1:{port}", "256"]
    process = subprocess.Popen(command, env=_environment(programs))
    try:
        time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
