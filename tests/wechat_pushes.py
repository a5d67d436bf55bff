"""A built WeChat edition made for a test, and pushes of it to a fake WeChat."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fakes.wechat import APPID, SECRET, FakeWeChat
from fakes.wechat_wire import Fault

from jianbao.deliver.http_post import Wire
from jianbao.deliver.wechat.account import Credentials
from jianbao.deliver.wechat.client import Client, Patience
from jianbao.deliver.wechat.drafts import Wishes
from jianbao.deliver.wechat.package import read_package
from jianbao.deliver.wechat.push import push
from jianbao.deliver.wechat.record import RECORD, RecordFile
from jianbao.deliver.wechat.tokens import TokenFile
from jianbao.errors import DeliveryProblem

if TYPE_CHECKING:
    from jianbao.deliver.wechat.drafts import Pushed

_PNG = b"\x89PNG\r\n\x1a\n"

#: Seconds: long enough for a slow machine, short enough for many runs.
_READ, _SLOW, _SETTLE = 0.25, 0.4, 0.5


def article(number: int, text: str = "正文。", **more: object) -> dict[str, Any]:
    """An article of draft.json, with its ``content`` in it."""
    content = (
        f'<section style="color: #333;"><p>{text}{number}</p>'
        f'<img src="images/qr-{number:02d}.png" data-w="300"><div>来源：国家数据局</div></section>'
    )
    return {
        "file": f"{number:02d}.html",
        "title": f"第{number}篇",
        "full_title": f"第{number}篇",
        "author": "编辑部",
        "digest": "摘要",
        "content_source_url": f"https://www.nda.gov.cn/{number}.html",
        "thumb": "images/cover-1.png",
        "pic_crop_235_1": "0_0_1_0.43",
        "pic_crop_1_1": "0.2_0_0.8_1",
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
        "content": content,
    } | more


def write_package(folder: Path, *drafts: list[dict[str, Any]]) -> Path:
    """Write draft.json and all beside it into ``folder``."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    images = {"images/cover-1.png": "cover"}
    listed = []
    for articles in drafts:
        entries = []
        for one in articles:
            entry = dict(one)
            content = entry.pop("content")
            (folder / entry["file"]).write_text(content, "utf-8")
            images |= {f"images/qr-{int(entry['file'][:2]):02d}.png": "body"}
            entries.append(entry | {"characters": len(content), "bytes": len(content.encode())})
        listed.append({"articles": entries})
    manifest = []
    for file, use in images.items():
        content = _PNG + file.encode()
        (folder / file).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        manifest.append({"file": file, "sha256": digest, "bytes": len(content), "use": use})
    index = {"issue": "2025-04", "title": "简报", "packing": "sections", "drafts": listed}
    text = json.dumps(index | {"images": manifest}, ensure_ascii=False)
    (folder / "draft.json").write_text(text, "utf-8")
    return folder


@dataclass(frozen=True)
class Bench:
    """A built issue in ``folder``, and where its pushes keep what they know."""

    folder: Path
    fake: FakeWeChat | _Elsewhere

    @property
    def issue(self) -> Path:
        """The issue's own folder, where the record lies."""
        return self.folder / "issue"

    @property
    def record(self) -> RecordFile:
        """What has been pushed."""
        return RecordFile(self.issue / RECORD, APPID)

    def build(self, *drafts: list[dict[str, Any]]) -> None:
        """Build the issue anew."""
        self.issue.mkdir(exist_ok=True)
        write_package(self.folder / "wechat", *drafts)

    def client(self, **patience: Any) -> Client:  # noqa: ANN401  (Patience's own)
        """A client of the fake that does not wait long."""
        values = {"first_wait": 0.001, "attempts": 3, "settle": _SETTLE, "listed": 0.05} | patience
        wire = Wire(api=self.fake.url, connect=2.0, read=_READ)
        credentials = Credentials(appid=APPID, secret=SECRET)
        return Client(
            wire, credentials, TokenFile(self.folder / "state", APPID), Patience(**values)
        )

    def push(self, **wishes: bool) -> tuple[Pushed, ...]:
        """One run."""
        package = read_package(self.folder / "wechat", self.issue)
        return push(package, self.record, self.client(), Wishes(**wishes), lambda _step: None)

    def push_until_done(self, runs: int = 8) -> tuple[Pushed, ...]:
        """Run again, as a person would, until one run is complete."""
        for _ in range(runs):
            try:
                return self.push()
            except DeliveryProblem as problem:
                last = problem
        raise last

    def is_right(self) -> bool:
        """Whether the box holds exactly what was built: each draft once."""
        package = read_package(self.folder / "wechat", self.issue)
        wanted = sorted(
            [(one.title, _texts(one.content)) for one in draft] for draft in package.drafts
        )
        stored = [draft.articles for draft in self.fake.drafts.values()]
        shown = sorted(
            [(one["title"], _texts(one["content"])) for one in articles] for articles in stored
        )
        pictures = all(one["content"].count("<img") == 1 for articles in stored for one in articles)
        return wanted == shown and pictures


def _texts(html: str) -> str:
    """The text of ``html``, by other means than the product's."""
    return "".join(part.partition(">")[2] for part in f">{html}".split("<"))


@dataclass(frozen=True)
class _Elsewhere:
    """The fake in another process: all that a client asks of it."""

    url: str


def main(folder: str, url: str) -> int:
    """Push once, against the fake at ``url``; for a process that is to be killed."""
    try:
        Bench(Path(folder), _Elsewhere(url)).push()
    except DeliveryProblem:
        return DeliveryProblem.exit_code
    return 0


def run_with_faults(folder: Path, seed: int) -> bool:
    """One run with faults at random points, repeated until it is done; whether all is right."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    count = chance.choice([1, 1, 1, 2, 3])
    faults = {chance.randrange(9): chance.choice(list(Fault)) for _ in range(count)}
    return run_with(folder, faults, is_update=seed % 3 == 0)


def run_with(folder: Path, faults: dict[int, Fault], *, is_update: bool = False) -> bool:
    """One run with ``faults`` by request, repeated until it is done; whether all is right."""
    with FakeWeChat(slow=_SLOW) as fake:
        bench = Bench(folder, fake)
        bench.build([article(1), article(2)])
        if is_update:
            bench.push()
            bench.build([article(1), article(2, "改过的正文。")])
        start = len(fake.requests)
        fake.faults = {start + number: fault for number, fault in faults.items()}
        bench.push_until_done()
        time.sleep(_SLOW if Fault.SLOW in faults.values() else 0)  # nothing comes late
        return bench.is_right()


def run_with_kills(folder: Path, seed: int) -> bool:
    """One push killed at random moments, then run until it is done; whether all is right."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    with FakeWeChat(slow=_SLOW) as fake:
        bench = Bench(folder, fake)
        bench.build([article(1), article(2)])
        for _ in range(chance.choice([1, 1, 2])):
            _push_and_kill(bench, after=chance.randrange(8), wait=chance.random() * 0.02)
        bench.push_until_done()
        return bench.is_right()


def _push_and_kill(bench: Bench, *, after: int, wait: float) -> None:
    """Kill a push when the fake has had ``after`` requests of it and ``wait`` seconds went by."""
    target = len(bench.fake.requests) + after
    command = [sys.executable, __file__, str(bench.folder), bench.fake.url]
    tests = Path(__file__).parent
    path = os.pathsep.join([str(tests), str(tests.parent)])
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}) as process:
        while process.poll() is None and len(bench.fake.requests) < target:
            time.sleep(0.0005)
        time.sleep(wait)
        process.kill()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
