"""``jianbao fetch``."""

from __future__ import annotations

import asyncio
import random
import re
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jianbao import reporting
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.fetch_board import open_board
from jianbao.errors import MachineProblem
from jianbao.locks import only_one
from jianbao.workspace import find_workspace

if TYPE_CHECKING:
    from jianbao.polling import Plan, Polling
    from jianbao.workspace import Workspace

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
#: Waits between rounds vary by this part, so that machines set up alike do not come together.
_SPREAD = 0.1
_INTERRUPTED = 130
#: Some list always fails. A timer's mail that comes each night is not read, so only a round
#: that was for nothing fails; the rest is in what it prints.
_NOTHING_CAME = 4


class _Duration(click.ParamType[timedelta]):
    """``30m``."""

    name = "时间"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  (click's own signature)
        """To a timedelta of at least a minute."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,4})([smh])", value.strip().lower())
        wait = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
        if wait < timedelta(minutes=1):
            self.fail(f"“{value}”不是一分钟以上的时间；写成 30m 或 2h", param, ctx)
        return wait


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("sources", nargs=-1, metavar="[来源…]")
@click.option("--all", "everything", is_flag=True, help="不到时候的也问。")
@click.option(
    "--every", type=_Duration(), metavar="时间", help="不停地采集，隔多久一轮，例如 30m 或 2h。"
)
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def fetch(
    sources: tuple[str, ...], every: timedelta | None, *, everything: bool, quiet: bool
) -> int:
    """采集：问各个来源有没有新的，记进收件箱。

    不写来源就问到了时候的；写了名称或文件名的，现在就问。问到一个存一个，随时可以停，
    再运行一次接着做。取不到的过一阵再试，越隔越久，最多一天。
    退出码：0 问过了（要人看看的列在最后），1 来源文件有错误，2 用法有误，
    3 没有联网或数据库不能用，4 一个也没有取到。
    """
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (help must not wait)

    need_gather_libraries()
    workspace = find_workspace(Path.cwd())
    with only_one(workspace.root / ".jianbao" / "fetch.lock", "采集"):
        return _fetch(workspace, sources, every, everything=everything, quiet=quiet)


def _fetch(
    workspace: Workspace,
    sources: tuple[str, ...],
    every: timedelta | None,
    *,
    everything: bool,
    quiet: bool,
) -> int:
    from jianbao.polling import Polling  # noqa: PLC0415  (likewise)

    polling = Polling.of(workspace)
    try:
        rounds = _Rounds(polling, workspace, sources, everything=everything, quiet=quiet)
        return asyncio.run(rounds.go(every))
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("已停下，问到的都存好了；再运行一次接着做。", err=True)
        return 0 if every else _INTERRUPTED
    finally:
        polling.close()


class _Rounds:
    """One round, or one after another until it is told to stop."""

    def __init__(
        self,
        polling: Polling,
        workspace: Workspace,
        names: tuple[str, ...],
        *,
        everything: bool,
        quiet: bool,
    ) -> None:
        self._polling = polling
        self._workspace = workspace
        self._names = names
        self._everything = everything
        self._quiet = quiet

    async def go(self, every: timedelta | None) -> int:
        """Go round; return the exit code of the only one."""
        _stop_on_sigterm()
        if every is None:
            return await self._round()
        while True:
            try:
                await self._round()
            except MachineProblem as error:  # the network, or a full disk, may be back by then
                click.echo(f"这一轮没有做完：{error.message}", err=True)
            await asyncio.sleep(every.total_seconds() * (1 - _SPREAD * random.random()))  # noqa: S311  (no secret)

    async def _round(self) -> int:
        plan = self._polling.plan(self._names, everything=self._everything)
        _report(plan, self._workspace)
        if not plan.errands:
            _tell_nothing_due(plan)
            return int(bool(plan.problems))
        with open_board(plan.errands, quiet=self._quiet) as board:
            await self._polling.run(plan, board)
        for line in board.summary():
            click.echo(line)
        if board.nothing_came:
            return _NOTHING_CAME
        return int(bool(plan.problems))


def _stop_on_sigterm() -> None:
    """End as by Ctrl-C, which asyncio sees to itself."""
    task = asyncio.current_task()
    if task is not None and sys.platform != "win32":  # which has no such signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _report(plan: Plan, workspace: Workspace) -> None:
    if plan.problems:
        from jianbao.cli.check import report  # noqa: PLC0415  (only then)

        click.echo(
            report(plan.problems, workspace, reporting.FORMATS[0], sys.stderr.isatty()), err=True
        )
        click.echo("上面这些来源没有问；改好再运行。", err=True)


def _tell_nothing_due(plan: Plan) -> None:
    if plan.next_due is None:
        click.echo("没有可以采集的来源：sources/ 里没有 kind 是 feed 或 listing 的。")
    else:
        at = plan.next_due.astimezone().strftime("%m-%d %H:%M")
        click.echo(f"{plan.waiting} 个列表都还没到时候，最早的在 {at}；现在就问的加 --all。")
