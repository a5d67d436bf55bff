"""Random and mutated files: no traceback, no hang, every place inside its file.

``make fuzz N=100000``. Input number N of a seed is always the same, so ``--only N`` shows
a failure again. Each is one file of a workspace in memory, the rest of which is sound.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workspaces import lies_inside, lines_of

from jianbao.pipeline import check
from jianbao.reporting import FORMATS, render
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from jianbao.diagnostics import Diagnostic

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "cases" / "desk"
DAY = date(2025, 2, 11)
#: Where files cost no disk; elsewhere than on Linux, the usual scratch folder.
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of its own is made in it)
ISSUE = "issues/2025-04"
ITEM = f"{ISSUE}/01-a.md"
#: Shares: items among the files, texts made up, files damaged as bytes, and cut short.
ITEMS, MADE_UP, DAMAGED, CUT = 0.7, 0.05, 0.25, 0.1
#: Inputs that a process takes at once.
BATCH = 100
#: Characters of a trouble that are printed: the end of a traceback.
MOST = 2000
#: How often, in inputs, all items of an issue are checked together.
WHOLE = 200

FRONT = "title: 标题\nsection: 国策要论\nsource: 国家数据局\nurl: https://www.nda.gov.cn/1.html\n"
#: Files besides the items, as they should be.
OTHERS = {
    "jianbao.toml": '[publication]\nname = "简报"\ntagline = "一句话"\nlanguage = "zh-CN"\n'
    'sections = ["国策要论", "地方新政", "产业前沿", "数谷动态"]\n\n[masthead]\n'
    'credits = [["主编", ["张三", "李四"]]]\nstatement = "声明"\n\n[check]\n'
    'digit_spacing = "tight"\n\n[[back_matter]]\ntitle = "简介"\nfile = "back/a.md"\n',
    f"{ISSUE}/issue.toml": 'number = 4\ntotal = 217\ndate = 2025-02-10\nheadline = "要题"\n',
    "issues/ledger.csv": "id,number,total,date\n2025-04,4,217,2025-02-10\n",
    "back/a.md": "## 简介\n\n本刊由研究院（以下简称“本院”）主办，已出版80余期。\n",
    "sources/nda.toml": 'name = "国家数据局"\nlevel = "national"\nhosts = ["www.nda.gov.cn"]\n'
    'section = "国策要论"\nkind = "manual"\n',
    "names/own.csv": "类别,名称,简称,不用,起,止,现名,说明,出处,版本日期\n"
    "机构,国家数据局,,国家大数据局,2023-10-25,,,,,2025-02-10\n",
}

# Lists of small strings, not one on each line:
# fmt: off
#: What breaks YAML, TOML or Markdown when it stands in the wrong place.
MARKUP: tuple[str, ...] = (
    *"'\":：[]{}|>!#%@`\\\t\n\r_)(=，“”‘’《》〈〉（）。、；？…—-·",
    *"\u3000\u00a0\u200b\u00ad\u202e\ufeff\u2028\x00\ud7ff\ufffd\U0001f600\U00020000",
    "---\n", "\n---\n", "\n\n", "**", "****", "~~", "```", "[^1]", "[^1]: ", "![a](", "](b)",
    "| a |\n| - |\n", "> ", "- ", "1. ", "## ", "<b>", "<!--", "&amp;", "&#x4e00;", "\\*", "  \n",
    "http://", "https://a.cn/？b", "www.a.cn", "a@b.cn", "javascript:", "&a", "*a", "!!str", "<<: ",
    '"""', "[[x]]", " = ", ", ", "e\u0301", "\u2f2f", "\uff21\uff11",
)
#: What a rule of the desk looks for.
WORDS: tuple[str, ...] = (
    "一是", "二是", "四是", "（一）", "（三）", "第一，", "第十，", "1）", "五个方面：",
    "等14个部门", "（以下简称《办法》）", "以下简称", "《办法》提出", "《甲》、《乙》", "意见提出",
    "该方案", "三类", "近日，", "日前", "不仅", "为了", "通过", "使", "在数据方面，", "的的",
    "了了解", "我市", "本省", "党中央国务院", "2025年2月30日（星期八）", "2025.1.3", "25年1月",
    "13月", "2027年至2025年", "“十四五”（2020—2025年）", "〔2022〕14号", "[2022]14号", "10-20%",
    "1,000万", "百分之十五", "and", "of", "數據", "GuiZhou", "（试行)", "(试行）", "TODO", "待补",
)
#: Runs that a pattern which tries everything would never finish.
RUNS: tuple[str, ...] = (
    *"的，1 《（“*、\n#[", "甲、", "“甲”", "一是", "2025年", "a@", "0" * 40,
)
# fmt: on
#: How often such a run is repeated.
REPEATS = (2, 3, 10, 30, 100, 300) * 6 + (3000,)


@dataclass(frozen=True, slots=True)
class Input:
    """One file of a workspace, as it is written there."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an input came to that should not be."""

    number: int
    path: str
    what: str


class TooSlowError(Exception):
    """An input took longer than its time."""


@cache
def bodies(*folders: str) -> tuple[str, ...]:
    """The Markdown of every item that there is to start from, without front matter."""
    files = [*(CORPUS / "clean").glob("*.md"), *(ROOT / ISSUE).glob("*.md")]
    files += [file for folder in folders for file in Path(folder).glob("*.md")]
    return tuple(f.read_text("utf-8").split("\n---\n", 1)[-1] for f in sorted(files))


def make_input(rng: random.Random, folders: tuple[str, ...]) -> Input:
    """A file, mutated or made up."""
    if rng.random() < ITEMS:
        return Input(ITEM, _mutated(rng, _item(rng, folders), folders))
    path = rng.choice(list(OTHERS))
    return Input(path, _mutated(rng, OTHERS[path], folders))


def _item(rng: random.Random, folders: tuple[str, ...]) -> str:
    blocks = rng.choice(bodies(*folders)).split("\n\n")
    start = rng.randrange(len(blocks))
    return f"---\n{FRONT}---\n\n" + "\n\n".join(blocks[start : start + rng.randint(1, 3)]) + "\n"


def _mutated(rng: random.Random, text: str, folders: tuple[str, ...]) -> bytes:
    if rng.random() < MADE_UP:
        text = "".join(rng.choices((*MARKUP, *WORDS, "甲", "a"), k=rng.randint(0, 60)))
    for _ in range(rng.randint(1, 6)):
        text = _edited(rng, text, folders)
    data = text.encode("utf-8", "surrogatepass")
    return _damaged(rng, data) if rng.random() < DAMAGED else data


def _edited(rng: random.Random, text: str, folders: tuple[str, ...]) -> str:
    start = rng.randint(0, len(text))
    end = min(start + rng.choice((0, 0, 1, 2, 8, 40)), len(text))
    return text[:start] + _new(rng, text[start:end], folders) + text[end:]


def _new(rng: random.Random, old: str, folders: tuple[str, ...]) -> str:
    """What to put in the place of ``old``."""
    other = rng.choice(bodies(*folders))
    cut = rng.randrange(len(other))
    pieces = {
        rng.choice(MARKUP): 4,
        rng.choice(WORDS): 3,
        rng.choice(RUNS) * rng.choice(REPEATS): 1,
        chr(rng.choice((rng.randint(1, 0x2FF), rng.randint(0x2000, 0xD7FF)))): 1,
        other[cut : cut + rng.randint(1, 60)]: 1,
        old * 2: 1,
        "": 1,
    }
    return rng.choices([*pieces], [*pieces.values()])[0]


def _damaged(rng: random.Random, data: bytes) -> bytes:
    """``data`` with a few bytes changed, added or taken away."""
    damaged = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(damaged))
        damaged[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
    return bytes(damaged[: rng.randint(0, len(damaged))] if rng.random() < CUT else damaged)


class Trial:
    """Workspaces in memory, one for each path, in which inputs are checked.

    Args:
        scratch: An empty folder.
        folders: Issues whose items are also started from.
        seed: Of all inputs.
        limit: Seconds that an input may take.
    """

    def __init__(self, scratch: Path, folders: tuple[str, ...], seed: int, limit: float) -> None:
        self.scratch, self.folders, self.seed, self.limit = scratch, folders, seed, limit
        signal.signal(signal.SIGALRM, _give_up)

    def run(self, number: int) -> tuple[Trouble | None, float]:
        """Check input ``number``; what is wrong, and the seconds it took."""
        rng = random.Random(f"{self.seed}:{number}")  # noqa: S311  (a repeatable one)
        given = make_input(rng, self.folders)
        root = self._workspace(given.path, whole=number % WHOLE == 0)
        (root / given.path).write_bytes(given.data)
        started = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, self.limit)
        try:
            found = check(Workspace(root), root / ISSUE, DAY).diagnostics
            lines = {path: lines_of(root / path) for path in {d.path for d in found}}
            what = wrong_places(found, lines)
            render(found, rng.choice(list(FORMATS)), lines.__getitem__)
        except TooSlowError:
            what = f"longer than {self.limit} s"
        except Exception:  # noqa: BLE001  (any is what is looked for)
            what = traceback.format_exc()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.perf_counter() - started
        return (Trouble(number, given.path, what) if what else None), seconds

    def _workspace(self, path: str, *, whole: bool) -> Path:
        """A folder in which only the file ``path`` is ever changed."""
        root = self.scratch / f"{path.replace('/', '_')}{whole:d}"
        if not root.exists():
            for name, text in {ITEM: f"---\n{FRONT}---\n\n正文。\n", **OTHERS}.items():
                file = root / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
            for file in (ROOT / ISSUE).glob("*.md") if whole else ():
                shutil.copy(file, root / ISSUE)
        return root


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def wrong_places(found: tuple[Diagnostic, ...], lines: dict[str, list[str]]) -> str:
    """The diagnostics that lie, or would change something, outside their files; "" if none."""
    spans = [(d, span) for d in found for span in (d.span, d.fix.span if d.fix else d.span)]
    return "\n".join(f"{d}" for d, span in spans if not lies_inside(span, lines[d.path]))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a process needs to know."""

    folders: tuple[str, ...]
    seed: int
    limit: float

    def batch(self, start: int) -> list[tuple[int, Trouble | None, float]]:
        """Run the inputs from ``start`` on."""
        memory = MEMORY if MEMORY.is_dir() else None
        with tempfile.TemporaryDirectory(prefix="jianbao-fuzz-", dir=memory) as name:
            trial = Trial(Path(name).resolve(), self.folders, self.seed, self.limit)
            return [(number, *trial.run(number)) for number in range(start, start + BATCH)]


def run_all(plan: Plan, count: int, jobs: int) -> Iterator[tuple[int, Trouble | None, float]]:
    """``count`` inputs, in batches, in ``jobs`` processes."""
    with multiprocessing.Pool(jobs) as pool:
        for results in pool.imap_unordered(plan.batch, range(0, count, BATCH)):
            yield from results


def main() -> int:
    """The command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=100_000, help="how many (default 100000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=5, help="seconds an input may take")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, help="one input: write it to standard output")
    parser.add_argument("--issue", action="append", default=[], help="a folder of more items")
    arguments = parser.parse_args()
    folders = tuple(arguments.issue)
    if arguments.only is not None:
        rng = random.Random(f"{arguments.seed}:{arguments.only}")  # noqa: S311  (see above)
        sys.stdout.buffer.write(make_input(rng, folders).data)
        return 0
    plan = Plan(folders, arguments.seed, arguments.limit)
    return report(run_all(plan, arguments.n, arguments.jobs), time.perf_counter())


def report(results: Iterator[tuple[int, Trouble | None, float]], started: float) -> int:
    """Print troubles as they come, then the counts; 1 where there were any."""
    count = troubles = 0
    slowest: list[tuple[float, int]] = []
    for number, trouble, seconds in results:
        count += 1
        slowest = sorted([*slowest, (seconds, number)])[-3:]
        if trouble:
            troubles += 1
            print(f"--- {trouble.number} {trouble.path}\n{trouble.what[-MOST:]}", flush=True)
    rate = count / (time.perf_counter() - started)
    print(f"{count} inputs, {rate:.0f} a second, {troubles} in trouble")
    print("slowest:", *(f"number {number}, {seconds:.2f} s;" for seconds, number in slowest))
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
