"""The names ledger: what is packaged, and over it the workspace's ``names/*.csv``.

CSV, since institutes keep such lists in Excel; a file with the column 单位 is the
稿源名单, any other a list of names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.load.rows import read_rows
from jianbao.load.text import read_sheet
from jianbao.patterns import pattern
from jianbao.records import Name, NameKind, SourceList
from jianbao.spans import Span
from jianbao.workspace import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jianbao.workspace import Workspace

PACKAGED = Path(__file__).parent.parent / "names"

COLUMNS = ("类别", "名称", "简称", "不用", "起", "止", "现名", "说明", "出处", "版本日期")
LIST_COLUMNS = ("单位", "网址", "版本日期")
_REQUIRED = COLUMNS[:2]
_KINDS = {kind.value: kind for kind in NameKind}
_SEVERAL = pattern(r"\s*[、；;|]\s*")
#: Excel rewrites 2023-10-25 as its system shows dates.
_DAY = pattern(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_HOST = pattern(r"(?:[a-z]+://)?([^/:?#\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamesLedger:
    """Every name, the source list if there is one, and what is wrong with the files."""

    names: tuple[Name, ...]
    source_list: SourceList | None
    problems: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Sheet:
    """A file as it is read: each row by its head's columns."""

    path: str
    lines: list[str]
    columns: tuple[str, ...]
    rows: list[tuple[int, Mapping[str, str]]]
    problems: list[Diagnostic] = field(default_factory=list)

    def report(self, line: int, message: str, hint: str) -> None:
        """Note a problem of the row that starts on ``line``."""
        span = Span.on_line(line, 1, len(self.lines[line - 1]))
        self.problems.append(Diagnostic(Code.VALUE_INVALID, self.path, span, message, hint))


def read_names(workspace: Workspace) -> NamesLedger:
    """The ledger that holds for ``workspace``: its own line on a name replaces the packaged one."""
    own = [
        _read(file, workspace.relative(file), workspace.read)
        for file in sorted((workspace.root / NAMES).glob("*.csv"))
        if not file.name.startswith((".", "~"))
    ]
    lists = [sheet for sheet in own if "单位" in sheet.columns]
    names: dict[str, Name] = {}
    for sheet in (*_packaged(), *(sheet for sheet in own if sheet not in lists)):
        names.update((name.preferred, name) for name in _names(sheet))
    source_list = _source_list(lists[-1]) if lists else None
    problems = tuple(problem for sheet in own for problem in sheet.problems)
    return NamesLedger(tuple(names.values()), source_list, problems)


def _packaged() -> list[_Sheet]:
    """What comes with the product."""
    return [_read(file, file.name, Path.read_bytes) for file in sorted(PACKAGED.glob("*.csv"))]


def _read(file: Path, path: str, read: Callable[[Path], bytes]) -> _Sheet:
    text, problems = read_sheet(file, path, read)
    sheet = _Sheet(path, text.split("\n"), (), [], list(problems))
    for line, row in () if problems else read_rows(text):
        if row is None:
            sheet.report(line, "这一行的引号没有成对", "引号里的引号写两个")
        elif not sheet.columns:
            sheet.columns = tuple(cell.strip() for cell in row)
            _check_columns(sheet, line)
        else:
            cells = dict(zip(sheet.columns, (cell.strip() for cell in row), strict=False))
            sheet.rows.append((line, cells))
    return sheet


def _check_columns(sheet: _Sheet, line: int) -> None:
    known = LIST_COLUMNS if "单位" in sheet.columns else COLUMNS
    unknown = [column for column in sheet.columns if column and column not in known]
    required = ("单位",) if known is LIST_COLUMNS else _REQUIRED
    missing = [column for column in required if column not in sheet.columns]
    if unknown or missing:
        words = [f"不认识“{column}”" for column in unknown] + [f"缺“{c}”" for c in missing]
        sheet.report(line, f"第一行的列名：{'，'.join(words)}", f"可用的列：{'、'.join(known)}")


def _names(sheet: _Sheet) -> Iterator[Name]:
    for line, row in sheet.rows:
        kind, preferred = row.get("类别", ""), row.get("名称", "")
        if kind not in _KINDS or not preferred:
            if set(_REQUIRED) <= set(sheet.columns):
                sheet.report(
                    line, "这一行缺类别或名称", f"类别是{'、'.join(_KINDS)}之一，名称不能空"
                )
            continue
        yield Name(
            kind=_KINDS[kind],
            preferred=preferred,
            short=_several(row.get("简称", "")),
            wrong=_several(row.get("不用", "")),
            since=_day(sheet, line, row, "起"),
            until=_day(sheet, line, row, "止"),
            successor=row.get("现名", ""),
            note=row.get("说明", ""),
            source=row.get("出处", ""),
            edition=_day(sheet, line, row, "版本日期"),
        )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(form for form in _SEVERAL.split(cell) if form)


def _day(sheet: _Sheet, line: int, row: Mapping[str, str], column: str) -> date | None:
    cell = row.get(column, "")
    if not cell:
        return None
    found = _DAY.fullmatch(cell)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:  # 2月30日
        pass
    sheet.report(line, f"“{column}”不是日期：{cell}", "写成 2025-02-10")
    return None


def _source_list(sheet: _Sheet) -> SourceList:
    days = [_day(sheet, line, row, "版本日期") for line, row in sheet.rows]
    hosts = (_HOST.match(row.get("网址", "")) for _, row in sheet.rows)
    return SourceList(
        path=sheet.path,
        names=frozenset(row["单位"] for _, row in sheet.rows if row.get("单位")),
        hosts=frozenset(host[1].lower().removeprefix("www.") for host in hosts if host),
        edition=max((day for day in days if day), default=None),
    )
