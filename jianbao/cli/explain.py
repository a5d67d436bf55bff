"""``jianbao explain``."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from jianbao.cli.chinese import ChineseCommand
from jianbao.diagnostics import CODES
from jianbao.errors import UsageProblem
from jianbao.misspelling import meant


def _complete(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [
        CompletionItem(slug, help=code.explanation)
        for slug, code in CODES.items()
        if slug.startswith(incomplete)
    ]


@click.command(cls=ChineseCommand, options_metavar="")
@click.argument("codes", nargs=-1, required=True, metavar="代号…", shell_complete=_complete)
def explain(codes: tuple[str, ...]) -> int:
    """解释一个诊断代号：什么意思，依据什么，什么样的会报、什么样的不报。"""
    from jianbao import explanations  # noqa: PLC0415  (help must not wait for the rules)

    for slug in codes:
        if slug not in CODES:
            near = meant(slug.lower(), CODES)
            hint = f"是不是 {near[0]}？" if near else "代号都列在 docs/diagnostics.md 里"
            raise UsageProblem(f"没有 {slug[:40] or '（空）'} 这个代号", hint)
    click.echo("\n".join(explanations.explain(CODES[slug]) for slug in codes), nl=False)
    return 0
