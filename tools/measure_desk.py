"""How the copy desk does on texts whose flaws are known: writes docs/precision.md.

``tests/cases/desk`` holds prose without flaws, sentences with marked ones, and what a
reader judged of each report on the original of issue 217. ``make docs`` runs this;
``--issue FOLDER`` also compares the reports on that issue with the judgement.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.diagnostics import CODES, Severity
from jianbao.pipeline import check
from jianbao.spans import Span, span_at
from jianbao.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.diagnostics import Diagnostic

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "cases" / "desk"
PAGE = ROOT / "docs" / "precision.md"
ISSUE = "issues/2025-04"
#: The day on which the corpus is checked: the one after its issue came out.
DAY = date(2025, 2, 11)

#: Flaws without a code: a rule could know them, or only a reader does.
NONE_YET, UNKNOWABLE = "none yet", "not machine-knowable"
#: What a flaw is laid into where it is only a body.
FRONT_MATTER = """\
---
title: 标题
section: 国策要论
source: 国家数据局
url: https://www.nda.gov.cn/1.html
---

"""
SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}

_CASE = re.compile(r"^=== (?P<code>[^:\n]+?)(?:: (?P<reason>.+))?\n", re.MULTILINE)
_MARK = re.compile(r"⟦(.*?)⟧", re.DOTALL)
_ESCAPE = re.compile(r"\{U\+([0-9A-F]{4,6})\}")
_JUDGED = re.compile(
    r"(?P<path>\S+):(?P<line>\d+):(?P<column>\d+) (?P<code>\S+) (?P<verdict>right|wrong|missed)\b"
)

HEAD = """\
# 审读规则的准确程度

`tests/cases/desk/` 里有两份语料：干净的公文和报道（{clean} 句），规则应当一声不响；
有瑕疵的句子（{flaws} 处），每处标明该由哪条规则报出。两份都是为测试写的，不是任何单位的文字。

- **报出** 有瑕疵而报了；**漏报** 有瑕疵而没有报；**误报** 没有瑕疵而报了。
- **准确率** 报出 ÷（报出＋误报）。低于 95% 的规则只能是提示，否则删去。
- **217** 第 217 期原稿上报对、报错的处数，由人读过原文判定。

写规则的人看得到这两份语料，所以表里的数是上限；在别的稿件上发现的误报和漏报，把句子加进语料再改规则。

本页由 `make docs` 写出，不手改。

| 代号 | 程度 | 报出 | 漏报 | 误报 | 准确率 | 217 |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
"""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A case of ``flaws/``: an item, what is wrong with it, and where."""

    family: str  # the file's name
    codes: tuple[str, ...]  # any of which says it; none where no rule is asked for
    reason: str | None
    text: str
    spans: tuple[Span, ...]
    words: str  # the line with the first mark, marks included

    @property
    def expected(self) -> bool:
        """Whether a rule is to report it."""
        return bool(self.codes)


@dataclass(slots=True)
class Tally:
    """Reports by code, over both corpora."""

    hits: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    missed: list[Flaw] = field(default_factory=list)
    alarmed: list[str] = field(default_factory=list)

    def precision(self, code: str) -> float:
        """Share of the reports that are right; 1 where there are none."""
        reports = self.hits[code] + self.alarms[code]
        return self.hits[code] / reports if reports else 1.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reader judged of a report on the original of issue 217."""

    path: str
    line: int
    column: int
    code: str
    verdict: str  # "right", "wrong", or "missed": no rule reports it, though one might


def clean_items() -> dict[str, str]:
    """The items without flaws, by file name."""
    files = sorted((CORPUS / "clean").glob("*.md"))
    return {file.name: file.read_text("utf-8") for file in files}


def sentences(text: str) -> int:
    """How many sentences the body of ``text`` has."""
    body = text.split("\n---\n", 1)[1]
    return len(re.findall(r"[。！？]+[”’）]*", body))


def read_flaws() -> Iterator[Flaw]:
    """Every case of ``flaws/``."""
    for file in sorted((CORPUS / "flaws").glob("*.txt")):
        _, *parts = _CASE.split(file.read_text("utf-8"))
        for code, reason, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            yield read_flaw(file.stem, code, reason, text)


def read_flaw(family: str, code: str, reason: str | None, text: str) -> Flaw:
    """One of them, from what stands in its head line and below it."""
    codes = () if code in {NONE_YET, UNKNOWABLE} else tuple(code.split(" or "))
    words = next((line for line in text.split("\n") if "⟦" in line), "")
    text = text.rstrip("\n") + "\n"
    text = text if text.startswith("---") else FRONT_MATTER + text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    plain = _MARK.sub(r"\1", text)
    spans, marks = [], 0
    for found in _MARK.finditer(text):
        spans.append(span_at(plain, found.start() - marks, len(found[1]), 1))
        marks += 2
    reason = f"{code}: {reason}" if not codes else reason
    return Flaw(family, codes, reason, plain, tuple(spans), words)


def judgement() -> tuple[Judged, ...]:
    """The reports on the original of issue 217, as they were judged."""
    file = CORPUS / "issue-217.txt"
    found = (_JUDGED.match(line) for line in file.read_text("utf-8").splitlines())
    return tuple(
        Judged(f["path"], int(f["line"]), int(f["column"]), f["code"], f["verdict"])
        for f in found
        if f
    )


def measure() -> Tally:
    """Check both corpora in a scratch workspace."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        lay_workspace(root)
        for found in diagnose(root, clean_items()):
            tally.alarms[found.code.slug] += 1
            tally.alarmed.append(shown(found))
        for flaw in read_flaws():
            count(flaw, diagnose(root, {"01-a.md": flaw.text}), tally)
    return tally


def lay_workspace(root: Path) -> None:
    """Copy the workspace of the corpora to ``root``, with an issue that has no items."""
    shutil.copytree(CORPUS / "workspace", root, dirs_exist_ok=True)


def diagnose(root: Path, items: dict[str, str]) -> tuple[Diagnostic, ...]:
    """What is reported on an issue of ``items`` in the workspace ``root``."""
    folder = root / ISSUE
    for file in folder.glob("*.md"):
        file.unlink()
    for name, text in items.items():
        (folder / name).write_text(text, "utf-8")
    return check(Workspace(root), folder, DAY).diagnostics


def count(flaw: Flaw, found: tuple[Diagnostic, ...], tally: Tally) -> None:
    """Add to ``tally`` what was ``found`` of ``flaw``."""
    spoken = [d for d in found if d.code.slug in flaw.codes]
    for span in flaw.spans if flaw.expected else ():
        hit = next((d for d in spoken if touch(d.span, span)), None)
        if hit:
            tally.hits[hit.code.slug] += 1
        else:
            tally.misses[flaw.codes[0]] += 1
            tally.missed.append(flaw)
    for d in found:
        if not any(touch(d.span, span) for span in flaw.spans):
            tally.alarms[d.code.slug] += 1
            tally.alarmed.append(f"{flaw.family}：{flaw.words}：{shown(d)}")


def touch(one: Span, other: Span) -> bool:
    """Whether the two have a character in common, or meet."""
    return (one.line, one.column) <= (other.end_line, other.end_column) and (
        other.line,
        other.column,
    ) <= (one.end_line, one.end_column)


def shown(found: Diagnostic) -> str:
    """A report on one line."""
    place = f"{found.path}:{found.span.line}:{found.span.column}"
    return f"{place} {found.code.slug} {found.message}"


def page() -> str:
    """The text of docs/precision.md."""
    tally, flaws = measure(), list(read_flaws())
    clean = sum(sentences(text) for text in clean_items().values())
    out = HEAD.format(clean=clean, flaws=sum(len(flaw.spans) for flaw in flaws))
    return out + "\n".join((*_rows(tally), "", *_reading(), "", *_open(tally, flaws))) + "\n"


def _rows(tally: Tally) -> Iterator[str]:
    judged = Counter((j.code, j.verdict) for j in judgement())
    wanted = {*tally.hits, *tally.misses, *tally.alarms, *(code for code, _ in judged)}
    order = {slug: number for number, slug in enumerate(CODES)}
    for code in sorted(wanted & CODES.keys(), key=order.__getitem__):
        hits, misses, alarms = tally.hits[code], tally.misses[code], tally.alarms[code]
        share = f"{tally.precision(code):.0%}" if hits + alarms else "—"
        right, wrong = judged[code, "right"], judged[code, "wrong"]
        seen = f"{right} / {wrong}" if right + wrong else "—"
        severity = SEVERITIES[CODES[code].severity]
        yield f"| `{code}` | {severity} | {hits} | {misses} | {alarms} | {share} | {seen} |"
    total = [sum(c.values()) for c in (tally.hits, tally.misses, tally.alarms)]
    yield f"| 合计 |  | {total[0]} | {total[1]} | {total[2]} |  | {_both(judged)} |"


def _both(judged: Counter[tuple[str, str]]) -> str:
    counts = Counter[str]()
    for (_, verdict), count in judged.items():
        counts[verdict] += count
    return f"{counts['right']} / {counts['wrong']}"


def _reading() -> Iterator[str]:
    verdicts = Counter(j.verdict for j in judgement())
    reports = verdicts["right"] + verdicts["wrong"]
    yield (
        f"第 217 期原稿上共报 {reports} 处，其中误报 {verdicts['wrong']} 处；"
        f"规则本可认出而没有报的 {verdicts['missed']} 处。"
    )


def _open(tally: Tally, flaws: list[Flaw]) -> Iterator[str]:
    yield "## 没有报出的\n"
    yield "| 例子 | 原因 |\n| --- | --- |"
    for flaw in dict.fromkeys(tally.missed):
        known = any(code in CODES for code in flaw.codes)
        reason = "漏报" if known else "还没有这条规则"
        yield f"| {_cell(flaw)} | `{flaw.codes[0]}` {reason} |"
    for flaw in flaws:
        if not flaw.expected:
            yield f"| {_cell(flaw)} | {_told(flaw.reason or '')} |"


def _cell(flaw: Flaw) -> str:
    return f"`{flaw.words}`".replace("|", "\\|")


def _told(reason: str) -> str:
    return reason.replace(f"{NONE_YET}: ", "还没有规则：").replace(f"{UNKNOWABLE}: ", "要人来读：")


def compare(folder: Path) -> Iterator[str]:
    """How the reports on the issue in ``folder`` differ from the judgement."""
    found = check(find_workspace(folder), folder.resolve(), DAY).diagnostics
    judged = {(j.path, j.line, j.column, j.code): j.verdict for j in judgement()}
    places = {(d.path, d.span.line, d.span.column, d.code.slug): d for d in found}
    yield from (f"没有判定：{shown(d)}" for place, d in places.items() if place not in judged)
    for place, verdict in judged.items():
        if (verdict == "missed") == (place in places):
            path, line, column, code = place
            state = "已经报出" if verdict == "missed" else "不再报出"
            yield f"{state}：{path}:{line}:{column} {code}"


def main() -> int:
    """The command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issue", type=Path, help="第 217 期原稿的文件夹")
    parser.add_argument("--verbose", action="store_true", help="列出每处漏报和误报")
    arguments = parser.parse_args()
    if arguments.verbose:
        tally = measure()
        print(*(f"误报：{line}" for line in tally.alarmed), sep="\n")
        print(*(f"漏报：{f.family} {f.codes[0]}：{f.words}" for f in tally.missed), sep="\n")
    if arguments.issue:
        print(*compare(arguments.issue), sep="\n")
    text = page()
    if not PAGE.exists() or PAGE.read_text("utf-8") != text:
        PAGE.write_text(text, "utf-8")
        print("已写 docs/precision.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
