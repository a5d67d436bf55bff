"""How fast, beside what: ``make bench``.

Runs are interleaved, A B A B, and medians compared, since machines are shared and
noisy; only ratios are worth quoting. Nothing fails here: the limits stand beside.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.model import CheckedIssue
    from jianbao.press.engine import Draw, Pages, Printed

ROOT = Path(__file__).resolve().parent.parent
ISSUE = ROOT / "issues" / "2025-04"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: A headless browser that looks for no network.
HEADLESS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
#: Fails when checking an issue has imported libraries of the press.
LEAN_CHECK = """
import sys
from jianbao.cli import run
code = run(["check", sys.argv[1]])
sys.exit(code or any(name in sys.modules for name in ("weasyprint", "jinja2", "qrcode")))
"""

#: A build, with what a variant of it changes first. All import the same beforehand.
BUILD = """
import sys
from dataclasses import replace
from html import escape
from jianbao.cli import run
from jianbao.press import body, composition, engine
lay_out, styles = engine._lay_out, {styles!r}
def restyled(weasyprint, pages, drawings):
    css = pages.css
    for ours, theirs in styles.items():
        css = css.replace(ours, theirs)
    return lay_out(weasyprint, replace(pages, css=css), drawings)
engine._lay_out = restyled
{change}
sys.exit(run(["build", sys.argv[1], "--quiet", "--out", sys.argv[2]]))
"""
HOUSE = BUILD.format(styles={}, change="")
#: No gaps, no justification of Chinese, no squeezed marks: WeasyPrint as it comes.
PLAIN = BUILD.format(
    styles={'"chws"': "normal", '"halt"': "normal"},
    change="composition.KNOWN_VERSION, body.space_text = '', lambda text, around: escape(text)",
)
#: The collections that the working set is cut from, in its place.
COLLECTIONS = BUILD.format(
    styles={"Jianbao Song": "Noto Serif CJK SC", "Jianbao Hei": "Noto Sans CJK SC"}, change=""
)

#: Words of a command, the number of the run put into them.
Command = Callable[[int], list[str]]


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds from start to end, and its peak memory in MB."""

    seconds: float
    memory: float


class Captured(Exception):
    """Carries the pages of an issue out of a build, before they are printed."""

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self.pages = pages


def page_for_browser() -> str:
    """What the press would print of the issue, as one file that needs no other."""
    from jianbao import pipeline  # noqa: PLC0415  (a child of the bench needs none of it)
    from jianbao.workspace import find_workspace  # noqa: PLC0415

    def capture(pages: Pages, _draw: Draw, *_more: object) -> Printed:
        raise Captured(pages)

    workspace = find_workspace(ISSUE)
    checked = pipeline.check(workspace, ISSUE, date.today())  # noqa: DTZ011  (as the command does)
    if checked.issue is None:
        raise SystemExit("这一期有错误，先运行 jianbao check 2025-04")
    try:
        pipeline.build(checked, workspace, ISSUE, pipeline.Press(output=ROOT, engine=capture))
    except Captured as captured:
        return inlined(captured.pages, checked.issue)
    raise SystemExit("模板有错误，先运行 jianbao build 2025-04")


def inlined(pages: Pages, issue: CheckedIssue) -> str:
    """``pages`` with the style sheet, the assets and the QR codes inside."""
    from jianbao.press.qr import draw_qr  # noqa: PLC0415  (see above)

    html = pages.html.replace("</head>", f"<style>{pages.css}</style></head>")
    files = {name: (asset.media_type, asset.content) for name, asset in pages.assets.items()}
    for number, article in enumerate(issue.articles, start=1):
        if url := article.attribution.url:
            files[f"qr/a{number}"] = "image/svg+xml", draw_qr(url).svg().encode()
    for name, (media_type, content) in files.items():
        data = f"data:{media_type};base64,{base64.b64encode(content).decode()}"
        html = html.replace(f'"jianbao:{name}"', f'"{data}"')
    return html


def run(command: list[str]) -> Run:
    """Run ``command`` to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} 失败（{process.returncode}）")
    return Run(seconds, usage.ru_maxrss / 1024)


def compare(times: int, *commands: Command) -> list[list[Run]]:
    """``times`` runs of each of ``commands`` in turn, after one of each that does not count."""
    rounds = [[run(command(number)) for command in commands] for number in range(times + 1)]
    return [list(column) for column in zip(*rounds[1:], strict=True)]


def median(runs: list[Run]) -> float:
    """Median of the seconds."""
    return statistics.median(r.seconds for r in runs)


def row(name: str, value: float, limit: float, unit: str = "", details: str = "") -> None:
    """One line of the table."""
    verdict = "ok" if value <= limit else "NOT ok"
    print(f"{name:<46}{value:8.2f}{unit:<3} <= {limit:g}{unit:<3} {verdict:<7}{details}")


def ratio(name: str, ours: list[Run], theirs: list[Run], limit: float) -> None:
    """A line of the table that compares two commands."""
    details = f"{median(ours):.2f} s / {median(theirs):.2f} s"
    row(name, median(ours) / median(theirs), limit, details=details)


def peak(runs: list[Run]) -> float:
    """Most memory in MB."""
    return max(r.memory for r in runs)


def compare_builds(times: int, scratch: Path) -> None:
    """What house typography costs, and what the working set saves."""

    def variant(name: str, code: str) -> Command:
        return lambda _number: [sys.executable, "-c", code, str(ISSUE), f"{scratch}/{name}"]

    variants = {"house": HOUSE, "plain": PLAIN, "collections": COLLECTIONS}
    house, plain, full = compare(times, *(variant(*each) for each in variants.items()))
    sizes = [sum(f.stat().st_size for f in (scratch / n).rglob("*.pdf")) / 1e3 for n in variants]
    ratio("build / the same in plain WeasyPrint", house, plain, 1.25)
    ratio("working set / Noto CJK collections, time", house, full, 1.0)
    details = f"{peak(house):.0f} MB / {peak(full):.0f} MB"
    row("working set / Noto CJK collections, memory", peak(house) / peak(full), 1.0, "", details)
    details = f"{sizes[0]:.0f} kB / {sizes[2]:.0f} kB"
    row("working set / Noto CJK collections, PDF", sizes[0] / sizes[2], 1.0, "", details)


def many_items(folder: Path, count: int) -> Path:
    """A workspace at ``folder`` whose issue has ``count`` items: copies of those of `ISSUE`."""
    shutil.copytree(ROOT / "back", folder / "back")
    shutil.copy(ROOT / "jianbao.toml", folder)
    issue = folder / "issues" / ISSUE.name
    issue.mkdir(parents=True)
    shutil.copy(ISSUE / "issue.toml", issue)
    items = sorted(ISSUE.glob("*.md"))
    for number in range(count):
        text = items[number % len(items)].read_text("utf-8")
        own = re.sub(r'^url: "?([^"\n]+)"?$', rf'url: "\1?copy={number}"', text, flags=re.MULTILINE)
        (issue / f"{number:04}.md").write_text(own, "utf-8")
    return issue


def measure_growth(times: int, scratch: Path) -> None:
    """Print how the time that a check takes of the processor grows from 100 items to 1,000."""
    from jianbao import pipeline  # noqa: PLC0415  (a child of the bench needs none of it)
    from jianbao.workspace import find_workspace  # noqa: PLC0415

    def seconds(issue: Path) -> float:
        started = time.process_time()
        pipeline.check(find_workspace(issue), issue, date.today())  # noqa: DTZ011  (see above)
        return time.process_time() - started

    few, many = (many_items(scratch / f"items-{count}", count) for count in (100, 1000))
    rounds = [(seconds(few), seconds(many)) for _ in range(times)]
    small, large = map(statistics.median, zip(*rounds, strict=True))
    details = f"{large:.2f} s / {small:.2f} s"
    row("an item's check among 1,000 / among 100", large / small / 10, 1.2, details=details)


def measure(times: int, scratch: Path) -> None:
    """Print the table, with everything that is written below ``scratch``."""

    def build(_number: int) -> list[str]:
        return [sys.executable, "build.py", str(ISSUE), "--quiet", "--out", f"{scratch}/out"]

    def check(_number: int) -> list[str]:
        return [sys.executable, "-m", "jianbao", "check", str(ISSUE)]

    def browse(number: int) -> list[str]:
        own = f"--user-data-dir={scratch}/profile-{number}", f"--print-to-pdf={scratch}/c.pdf"
        return [str(browser), *HEADLESS, *own, page.as_uri()]

    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    page = scratch / "issue.html"
    if browser is None:
        print("没有 Chromium，不与它比较（apt-get install chromium）")
    else:
        page.write_text(page_for_browser(), "utf-8")
        ours, theirs = compare(times, build, browse)
        ratio("build / Chromium printing the same, cold", ours, theirs, 1.0)
    built, checked = compare(times, build, check)
    ratio("check / build", checked, built, 0.15)
    measure_growth(times, scratch)
    compare_builds(times, scratch)
    row("peak memory of a build, its largest process", peak(built), 220, " MB")
    lean = [sys.executable, "-c", LEAN_CHECK, str(ISSUE)]
    done = subprocess.run(lean, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    print(f"check imports no WeasyPrint, Jinja or qrcode: {'NOT ok' if done.returncode else 'ok'}")


def main() -> int:
    """The command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=5, help="runs that count (default 5)")
    times = parser.parse_args().n
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        measure(times, Path(scratch))
    return 0


if __name__ == "__main__":
    sys.exit(main())
