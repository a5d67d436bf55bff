"""Write the lists of docs/ that code knows: diagnostics and commands (``make docs``)."""

from __future__ import annotations

import inspect
import re
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.check.rules import DESK
from jianbao.cli import COMMANDS, cli
from jianbao.diagnostics import Code, Severity
from jianbao.schema import SCHEMAS, schema_text
from jianbao.wechat import limits
from jianbao.wechat.rules import RULES as WECHAT_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


DOCS = Path(__file__).resolve().parent.parent / "docs"

#: Groups of the catalogue by the comments that stand over them there.
GROUPS = {
    "reading": "读取文件",
    "the issue": "一期",
    "attribution": "来源标注",
    "the item": "稿件",
    "copy": "文字",
    "review": "审签",
    "the form of the copy": "文字的写法",
    "sense of the copy": "文意",
    "names": "名称",
    "sources": "来源核对",
    "links": "链接",
    "evidence": "存证",
    "ignoring": "忽略",
    "the press": "排印",
    "WeChat": "微信公众号的文章",
    "drafts for WeChat": "微信公众号的草稿清单",
    "the official checker": "微信的检测工具",
}
SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}

DIAGNOSTICS_HEAD = """\
# 诊断代号

`jianbao check` 和 `jianbao build` 报出的每个问题都有一个代号。

- **错误** error：什么也不生成，退出码 1（`jianbao.toml` 的错误是 2）。
- **警告** warning：照样生成，退出码 0；加 `--strict` 时是 1。
- **提示** note：只供参考。

“可忽略”的代号可以写在稿件头部的 `ignore` 里，这条稿件就不再报它；写了却没有对应的问题，也会报出来。

本页由 `make docs` 从 `jianbao/diagnostics.py` 写出，不手改。"""

RULES_HEAD = """\
# 审读规则

形式上的要求（必须有来源、网址完整等）见[诊断代号](diagnostics.md)；
这里是 `jianbao check` 读文字时问的规则。
每条写明依据、一个会报的例子和一个不报的例子；例子本身就是测试。

汉字与数字、字母之间要不要空格，由 `jianbao.toml` 里 `[check]` 的 `digit_spacing` 定：
`tight`（不写时就是它）不要，空隙由版面给出；`spaced` 要。

本页由 `make docs` 从 `jianbao/check/` 写出，不手改。

| 代号 | 程度 | 依据 | 报 | 不报 |
| --- | --- | --- | --- | --- |
"""

WECHAT_HEAD = """\
# 微信公众号的规则

`jianbao check 文件.html` 按这些规则看一段要发到公众号的 HTML，在微信删去、拒收或弄坏它之前报出来；
`jianbao check draft.json` 连同草稿清单一起看。哪一段文字都不联网，也不用浏览器。

| 依据 | 意思 |
| --- | --- |
| 官方 | 《微信公众平台编辑器插件开发规范》的那一节，或接口文档的那一页 |
| 实测 | 在 21 篇已发表的文章里量过：经微信过滤之后剩下什么 |
| 本刊 | 自己的经验和数目 |

要在浏览器里量的（不同屏幕下的宽度、实际叠在一起的行），这里按写出的数值估计；
装了微信自己的检测工具 `verify-article-structure` 的，加 `--outside` 请它再看一遍。

本页由 `make docs` 从 `jianbao/wechat/` 写出，不手改。

## 上限

| 什么 | 接口的上限 |
| --- | --- |
"""

WECHAT_RULES_HEAD = """
## 规则

例子本身就是测试：左边的会报，右边的什么也不报。

| 代号 | 程度 | 依据 | 出处 | 报 | 不报 |
| --- | --- | --- | --- | --- | --- |
"""

COMMANDS_HEAD = """\
# 命令

`python build.py 期…` 与 `jianbao build 期…` 相同。
期可以写编号（`2025-04`），也可以写文件夹（`issues/2025-04`）；
工作区是从那里或当前文件夹往上找，第一个有 `jianbao.toml` 的文件夹。

| 退出码 | 意思 |
| --- | --- |
| 0 | 没有问题，或者只有警告和提示 |
| 1 | 内容有错误；加 `--strict` 时有警告也是 1 |
| 2 | 命令写法或 `jianbao.toml` 有误，或者文件夹不能写入 |
| 3 | 机器缺少系统库或字体 |
| 4 | 外面没有做成：没有送完、不知道送到没有，或一个也没有取到；再运行一次会接着做 |
| 130 | 被中断 |

结果写到标准输出，进度和生成时发现的问题写到标准错误。
输出到终端以外时没有颜色；环境变量 `NO_COLOR` 也会关掉颜色。

本页由 `make docs` 从各命令的帮助写出，不手改。
"""


def diagnostics_page() -> str:
    """The catalogue, a table for each group."""
    out = [DIAGNOSTICS_HEAD]
    group = None
    for name, code in grouped_codes():
        if name != group:
            out.append(f"\n## {GROUPS.get(name, name)}\n\n| 代号 | 程度 | 可忽略 | 含义 |")
            out.append("| --- | --- | --- | --- |")
            group = name
        ignorable = "是" if code.ignorable else "否"
        severity = SEVERITIES[code.severity]
        out.append(f"| `{code.slug}` | {severity} | {ignorable} | {cell(code.explanation)} |")
    return "\n".join(out) + "\n"


def grouped_codes() -> Iterator[tuple[str, Code]]:
    """Each code with the comment that stands over its group in the source."""
    comment = ""
    for line in inspect.getsource(Code).splitlines():
        if found := re.fullmatch(r"    # (.+)", line):
            comment = found[1]
        elif found := re.match(r"    ([A-Z][A-Z_]+) = \(", line):
            yield comment, Code[found[1]]


def rules_page() -> str:
    """The rules of the copy desk with their clauses and examples."""
    rows = (
        f"| `{rule.code.slug}` | {SEVERITIES[rule.code.severity]} | {cell(rule.clause)} "
        f"| {cell(example(rule.bad))} | {cell(example(rule.good))} |"
        for rule in DESK
    )
    return RULES_HEAD + "\n".join(rows) + "\n"


def example(text: str) -> str:
    """Markdown as it is typed, on one line of a table."""
    return " ⏎ ".join(f"`{line}`" for line in text.strip().split("\n") if line)


def wechat_rules_page() -> str:
    """The limits of WeChat, and the rules with their grounds and examples."""
    ceilings = (
        ("标题", f"{limits.TITLE} 字"),
        ("作者", f"{limits.AUTHOR} 字"),
        ("摘要", f"{limits.DIGEST} 字"),
        (
            "正文，连标签",
            f"不到 {limits.CONTENT_CHARACTERS:,} 个字符、{limits.CONTENT_BYTES:,} 字节",
        ),
        ("“阅读原文”的网址", f"{limits.SOURCE_URL_BYTES:,} 字节"),
        ("一份草稿", f"{limits.ARTICLES} 篇文章"),
        ("正文的一张图片", f"不到 {limits.BODY_IMAGE_BYTES:,} 字节，PNG 或 JPEG"),
        ("一张封面", f"不到 {limits.COVER_BYTES:,} 字节"),
    )
    limit_rows = "".join(f"| {what} | {most} |\n" for what, most in ceilings)
    rows = (
        f"| `{rule.code.slug}` | {SEVERITIES[rule.code.severity]} | {rule.basis.value} "
        f"| {cell(rule.clause)} | {cell(shortened(rule.bad))} | {cell(shortened(rule.good))} |\n"
        for rule in WECHAT_RULES
    )
    return WECHAT_HEAD + limit_rows + WECHAT_RULES_HEAD + "".join(rows)


def shortened(text: str, most: int = 220) -> str:
    """An example that fits into a table."""
    return example(text if len(text) <= most else f"{text[:most]}…")


def commands_page() -> str:
    """Every command in its order, with its arguments and options."""
    sections = ["\n".join(command_section(name, command)) for name, command in commands()]
    return COMMANDS_HEAD + "\n" + "\n\n".join(sections) + "\n"


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by what is typed; of a group, itself if it does anything, and what it holds."""
    for name, (module, attribute) in COMMANDS.items():
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield name, command
        if not isinstance(command, click.Group):
            continue
        context = click.Context(command)
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield f"{name} {below}", found


def command_section(name: str, command: click.Command) -> Iterator[str]:
    """Heading, usage, explanation and options of a command."""
    parent = click.Context(cli, info_name="jianbao")
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## jianbao {name}\n\n```sh\n{context.command_path} {usage}".rstrip() + "\n```\n"
    yield explanation(inspect.cleandoc(command.help or ""))
    options = [p for p in command.params if isinstance(p, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        yield "\n| 选项 | 作用 |\n| --- | --- |"
        yield from (f"| `{cell(option)}` | {cell(text)} |" for option, text in records)


def explanation(text: str) -> str:
    """Paragraphs of a help text; what click must not refill is shown as it stands."""
    paragraphs = text.split("\n\n")
    shown = [
        f"```text\n{p.removeprefix(chr(8)).strip(chr(10))}\n```"
        if p.startswith("\b")
        else re.sub(r"\n", "", p)
        for p in paragraphs
    ]
    return "\n\n".join(shown)


def cell(text: str) -> str:
    """``text`` in a table."""
    return text.replace("|", "\\|")


#: The files that this script writes, by name, and what makes them.
PAGES: dict[str, Callable[[], str]] = {
    "diagnostics.md": diagnostics_page,
    "rules.md": rules_page,
    "wechat-rules.md": wechat_rules_page,
    "commands.md": commands_page,
    **{f"schema/{name}": partial(schema_text, name) for name in SCHEMAS},
}


def main() -> int:
    """Write every page that is not as it should be; return the exit code."""
    for name, page in PAGES.items():
        file, text = DOCS / name, page()
        if file.exists() and file.read_text("utf-8") == text:
            continue
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        print(f"已写 docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
