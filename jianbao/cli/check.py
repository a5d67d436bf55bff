"""``jianbao check``."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao import reporting
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.issues import issue_argument
from jianbao.cli.progress import Progress
from jianbao.diagnostics import Severity, has_errors
from jianbao.editions import WECHAT
from jianbao.errors import UsageProblem
from jianbao.frozen import dataclass
from jianbao.load.text import line_feeds
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.diagnostics import Diagnostic
    from jianbao.pipeline import Checked
    from jianbao.workspace import Workspace

    Target = tuple[Workspace, Path]


@dataclass(frozen=True, slots=True)
class _Wishes:
    """The options of the command that are on or off."""

    strict: bool
    fix: bool
    diff: bool
    undo: bool
    watch: bool
    online: bool
    refresh: bool
    outside: bool
    wechat: bool


#: Addresses in an issue, for the bar; and how much of one is shown.
_USUAL_LINKS = 15
_SHOWN = 60
#: How an argument ends that names a file for WeChat rather than an issue.
_PAGES = (".html", ".htm", "draft.json")


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(reporting.FORMATS),
    default="full",
    metavar="格式",
    help="报告的格式：full、concise、json、github 或 sarif。",
)
@click.option("--strict", is_flag=True, help="有警告也返回 1。")
@click.option("--fix", is_flag=True, help="改正不必由人判断的问题，只改那几个字。")
@click.option("--diff", is_flag=True, help="只显示 --fix 会怎样改，不写入；有可改的返回 1。")
@click.option("--undo", is_flag=True, help="还原上一次 --fix 的改动。")
@click.option("--watch", is_flag=True, help="文件一有改动就再检查一遍，直到按 Ctrl-C。")
@click.option("--online", is_flag=True, help="联网访问每个网址，记下结果；不加就不联网。")
@click.option("--refresh", is_flag=True, help="与 --online 合用：七天之内访问过的也再访问。")
@click.option(
    "--edition",
    type=click.Choice([WECHAT]),
    metavar="版本",
    help="另外按这个版本的规则检查：wechat 公众号。",
)
@click.option("--outside", is_flag=True, help="HTML 文件另请微信自己的检测工具看一遍。")
def check(issues: tuple[str, ...], form: str, edition: str | None, **wishes: bool) -> int:
    """检查一期：有没有不能付印的问题。

    期可以写编号（2025-04）、文件夹或其中一个稿件。退出码：0 可以付印，1 有错误，2 配置有误。

    也可以写 .html 文件或 draft.json：按微信公众号的规则检查，报出会被删去、拒收或变形的地方。
    """
    wish = _Wishes(wechat=edition == WECHAT, **wishes)
    if wish.undo + wish.watch + (wish.fix or wish.diff) > 1:
        raise UsageProblem("--fix、--undo、--watch 不能一起用", "只写一个")
    if wish.refresh and not wish.online:
        raise UsageProblem("--refresh 要与 --online 合用", "加上 --online")
    if any(argument.lower().endswith(_PAGES) for argument in issues):
        return _check_pages(issues, form, wish)
    if wish.outside:
        raise UsageProblem("--outside 只用于 HTML 文件", "写 HTML 文件，例如 article.html")
    targets = tuple(dict.fromkeys(find_issue(argument, Path.cwd()) for argument in issues))
    if wish.watch:
        from jianbao.cli.watching import again_and_again  # noqa: PLC0415  (only this pays for it)

        workspace = targets[0][0]
        return again_and_again(workspace, lambda: _check(targets, form, wish))
    return _check(targets, form, wish)


def _check(targets: tuple[Target, ...], form: str, wish: _Wishes) -> int:
    from jianbao import pipeline  # noqa: PLC0415  (help must not wait for the stages)

    today = date.today()  # noqa: DTZ011  (the editor's own day)
    if wish.fix or wish.diff or wish.undo:
        from jianbao.cli import fixes  # noqa: PLC0415  (likewise)

        if wish.undo:
            return fixes.take_back(targets)
        if wish.diff:
            return fixes.show(targets, today)
        found = fixes.apply(targets, today)
    else:
        if wish.online:
            for workspace, folder in targets:
                _visit(workspace, folder, today, refresh=wish.refresh)
        found = [(w, f, pipeline.check(w, f, today)) for w, f in targets]
    if wish.wechat:
        found = [(w, f, pipeline.check_wechat(checked, w, f)) for w, f, checked in found]
    if form in reporting.DOCUMENTS:  # one, however many issues
        every = tuple(dict.fromkeys(d for _, _, checked in found for d in checked.diagnostics))
        found_text = reporting.render(every, form, lines_of(targets[0][0]))
    else:
        found_text = "".join(_about(*issue, form) for issue in found)
    click.echo(found_text, nl=False)
    return max(exit_code(checked, strict=wish.strict) for _, _, checked in found)


def _check_pages(pages: tuple[str, ...], form: str, wish: _Wishes) -> int:
    from jianbao.cli.pages import check_pages  # noqa: PLC0415  (likewise)

    if not all(page.lower().endswith(_PAGES) for page in pages):
        raise UsageProblem("期和 HTML 文件不能一起检查", "分两次运行")
    if wish.fix or wish.diff or wish.undo or wish.watch or wish.online:
        hint = "HTML 文件只能与 --format、--strict、--outside 合用"
        raise UsageProblem("这个选项只用于期", hint)
    return check_pages(pages, form, strict=wish.strict, outside=wish.outside)


def _visit(workspace: Workspace, folder: Path, today: date, *, refresh: bool) -> None:
    from jianbao import pipeline  # noqa: PLC0415  (likewise)

    with Progress(folder.name, _USUAL_LINKS, quiet=False) as progress:
        visiting = pipeline.Visiting(
            refresh=refresh, progress=lambda url: progress(f"访问 {url[:_SHOWN]}")
        )
        pipeline.visit_links(workspace, folder, today, visiting)


def _about(workspace: Workspace, folder: Path, checked: Checked, form: str) -> str:
    found = checked.diagnostics
    text = report(found, workspace, form, sys.stdout.isatty()) if found else ""
    return f"{text}{verdict(folder.name, found)}\n" if form == "full" else text


def exit_code(checked: Checked, *, strict: bool) -> int:
    """0 fine, 1 the content has errors, 2 jianbao.toml has."""
    return 2 if checked.misconfigured else code_of(checked.diagnostics, strict=strict)


def code_of(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> int:
    """0 fine, 1 there are errors, or warnings in a strict check."""
    if has_errors(diagnostics):
        return 1
    warned = any(d.severity is Severity.WARNING for d in diagnostics)
    return 1 if strict and warned else 0


def report(
    diagnostics: tuple[Diagnostic, ...],
    workspace: Workspace,
    form: str,
    terminal: bool,  # noqa: FBT001  (isatty's answer)
) -> str:
    """``diagnostics`` as text, in colour on a terminal unless NO_COLOR forbids it."""
    import shutil  # noqa: PLC0415  (it loads all that unpacks archives)

    width = shutil.get_terminal_size((100, 24)).columns
    colour = terminal and "NO_COLOR" not in os.environ
    return reporting.render(
        diagnostics, form, lines_of(workspace), reporting.Style(colour=colour, width=width)
    )


def lines_of(workspace: Workspace) -> reporting.Lines:
    """Reads the lines of a file of ``workspace``, each file once."""
    cache: dict[str, list[str]] = {}

    def lines(path: str) -> list[str]:
        if path not in cache:
            try:
                text = workspace.read(workspace.root / path).decode("utf-8-sig", errors="replace")
            except OSError:
                text = ""
            cache[path] = line_feeds(text).split("\n")
        return cache[path]

    return lines


def verdict(name: str, diagnostics: tuple[Diagnostic, ...]) -> str:
    """One line: whether the issue may be printed."""
    found = reporting.summary(diagnostics)
    if has_errors(diagnostics):
        return f"{name}：{found}，不能付印"
    return f"{name}：{found}，可以付印" if found else f"{name}：没有问题，可以付印"
