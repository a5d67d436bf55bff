"""Lists of subscribers in files: CSV and Excel in, CSV out. Read row by row, never whole."""

from __future__ import annotations

import codecs
import csv
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO
from zipfile import BadZipFile, ZipFile

from jianbao.deliver.readers.addresses import Address, NoAddress, read_address
from jianbao.errors import MachineProblem, UsageProblem

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

#: What the columns may be called; any other column is an attribute of its own name.
_COLUMNS = {
    "email": ("email", "e-mail", "mail", "address", "邮箱", "电子邮箱", "邮箱地址", "邮件地址"),
    "name": ("name", "姓名", "名字", "称呼"),
    "lists": ("lists", "list", "列表", "名单"),
    "tags": ("tags", "tag", "标签"),
    "consent_at": ("consent_at", "同意时间", "订阅时间"),
    "consent_how": ("consent_how", "同意方式", "订阅方式"),
    "consent_evidence": ("consent_evidence", "同意凭据", "订阅凭据"),
    "suppressed": ("suppressed",),  # of our own export
}
_NAMES = {name: column for column, names in _COLUMNS.items() for name in names}
_MANY = re.compile(r"[;；、,，|]")
#: A spreadsheet runs a cell that begins so (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Characters of a name, a list, a tag or an attribute. More is a column that slipped.
_LONG = 1000
#: Bytes that an Excel file may unpack to: a million rows take a tenth of it.
_UNPACKED = 2_000_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That a reader agreed: when (as it was written), how, and what shows it."""

    at: str = ""
    how: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRow:
    """A row of a file that can be imported; ``line`` is the file's, from 1."""

    line: int
    address: Address
    name: str = ""
    lists: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    consent: Consent = Consent()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot, and why."""

    line: int
    reason: str


def read_subscribers(file: Path) -> Iterator[SubscriberRow | BadRow]:
    """The rows of ``file`` one after the other; blank ones are passed over.

    Raises:
        UsageProblem: The file as a whole cannot be read, or has no column of addresses.
    """
    rows = _xlsx_rows(file) if file.suffix.lower() in {".xlsx", ".xlsm"} else _csv_rows(file)
    for _line, cells in rows:
        if any(cells):
            columns = _columns(cells, file)
            break
    else:
        raise UsageProblem(f"{file.name} 是空的", "第一行写列名，例如 email,name,lists")
    for line, cells in rows:
        if any(cells):
            yield _read_row(line, cells, columns)


def _columns(cells: Sequence[str], file: Path) -> tuple[str, ...]:
    """What each column is: a key of ``_COLUMNS``, or an attribute's own name."""
    columns = tuple(_NAMES.get(cell.lower(), cell) for cell in cells)
    if "email" in columns:
        repeated = {column for column in columns if column and columns.count(column) > 1}
        if repeated:
            message = f"{file.name} 有两列都是 {'、'.join(sorted(repeated))}"
            raise UsageProblem(message, "删去一列，或改它的列名")
        return columns
    if any(isinstance(read_address(cell), Address) for cell in cells):
        raise UsageProblem(
            f"{file.name} 的第一行不是列名", "在最前面加一行列名，例如 email,name,lists"
        )
    names = "、".join(cell for cell in cells if cell)
    raise UsageProblem(
        f"{file.name} 里没有邮箱这一列；有：{names}", "把那一列的列名改成 email 或 邮箱"
    )


def _read_row(line: int, cells: Sequence[str], columns: tuple[str, ...]) -> SubscriberRow | BadRow:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        return BadRow(line, f"有 {len(cells)} 格，列名只有 {len(columns)} 个")
    values = dict(zip(columns, map(_without_guard, cells), strict=False))
    address = read_address(values.pop("email", ""))
    if isinstance(address, NoAddress):
        return BadRow(line, address.reason)
    wrong = next((name for name, value in values.items() if not _is_plain(value)), None)
    if wrong is not None:
        return BadRow(line, f"{wrong or '一格'} 里有换行、看不见的字符，或超过 {_LONG} 个字")
    if suppressed := values.pop("suppressed", ""):
        return BadRow(line, f"{address} 在导出的地方已停发（{suppressed}）")
    return SubscriberRow(
        line=line,
        address=address,
        name=values.pop("name", ""),
        lists=_many(values.pop("lists", "")),
        tags=_many(values.pop("tags", "")),
        consent=Consent(
            at=values.pop("consent_at", ""),
            how=values.pop("consent_how", ""),
            evidence=values.pop("consent_evidence", ""),
        ),
        attributes={name: value for name, value in values.items() if name and value},
    )


def _without_guard(cell: str) -> str:
    """The cell as it was before `write_csv` guarded it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _is_plain(value: str) -> bool:
    """Whether it can stand in a header of a message, and in one cell."""
    return len(value) <= _LONG and all(char.isprintable() or char == "\u3000" for char in value)


def _many(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _MANY.split(cell) if part.strip()))


def _csv_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The line on which each record begins, and its cells."""
    with _opened(file) as text:
        start = text.tell()
        delimiter = _delimiter(text.readline())
        text.seek(start)
        records, line = csv.reader(text, delimiter=delimiter), 1
        while True:
            try:
                cells = next(records, None)
            except csv.Error as error:
                message = f"{file.name} 第 {line} 行起读不下去：有一格太长，或引号没有配对"
                raise UsageProblem(message, "用表格软件打开，另存为 CSV UTF-8") from error
            if cells is None:
                return
            yield line, [cell.strip() for cell in cells]
            line = records.line_num + 1


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    encoding = _encoding(file)
    try:
        with file.open(encoding=encoding, newline="") as text:
            yield text
    except OSError as error:
        raise UsageProblem(f"读不了 {file}：{error.strerror}", "检查路径和权限") from error


def _encoding(file: Path) -> str:
    """UTF-8 where all of it is, else GB18030, which Excel writes in China.

    Raises:
        UsageProblem: It is neither, or cannot be read.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(4)
            if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if head.startswith(b"PK\x03\x04"):
                raise UsageProblem(f"{file.name} 是 Excel 文件", "把扩展名改成 .xlsx 再导入")
            for encoding in ("utf-8-sig", "gb18030"):
                stream.seek(0)
                if _decodes(stream, encoding):
                    return encoding
    except OSError as error:
        raise UsageProblem(f"读不了 {file}：{error.strerror}", "检查路径和权限") from error
    raise UsageProblem(
        f"{file.name} 既不是 UTF-8，也不是 GB18030", "用表格软件打开，另存为 CSV UTF-8"
    )


def _decodes(stream: io.BufferedReader, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := stream.read(_BLOCK):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(header: str) -> str:
    """What separates the names of the columns; a comma where there is one column."""
    return max(",;\t|", key=header.count)


def _xlsx_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  (only Excel files pay for it)
    except ModuleNotFoundError as error:
        message = "读 Excel 文件要有 openpyxl，这台机器上没有"
        raise MachineProblem(message, 'pip install "jianbao[delivery]"') from error
    _refuse_bomb(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise UsageProblem(
            f"{file.name} 不是能读的 Excel 文件", "在 Excel 里另存为 .xlsx 或 CSV UTF-8"
        ) from error
    try:
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield line, [_cell_text(cell) for cell in cells]
    finally:
        book.close()


def _refuse_bomb(file: Path) -> None:
    try:
        with ZipFile(file) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, OSError) as error:
        raise UsageProblem(
            f"{file.name} 不是能读的 Excel 文件", "在 Excel 里另存为 .xlsx 或 CSV UTF-8"
        ) from error
    if size > _UNPACKED:
        raise UsageProblem(f"{file.name} 解开以后太大", "另存为 CSV UTF-8 再导入")


def _cell_text(cell: object) -> str:
    """As the sheet shows it: 13800000000.0 is a telephone number."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def write_csv(rows: Iterable[Sequence[str]], target: TextIO) -> None:
    """Write ``rows`` so that no spreadsheet takes a cell for a formula."""
    csv.writer(target).writerows([_guarded(cell) for cell in row] for row in rows)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
