"""jianbao.toml and the texts that it names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jianbao.delivery import DeliverySettings
from jianbao.diagnostics import Code, Diagnostic
from jianbao.frozen import dataclass
from jianbao.load.delivery import read_delivery
from jianbao.load.gathering import read_gather, read_store
from jianbao.load.markdown import parse_body
from jianbao.load.table import Table, read_toml
from jianbao.load.text import read_text, without_controls
from jianbao.measures import CHARACTERS, LINE_HEIGHTS, LINES, SIZES, Measures, misfits
from jianbao.model import BackMatter, Credit, Masthead, Publication
from jianbao.patterns import pattern
from jianbao.reviews import Stage
from jianbao.settings import (
    CheckSettings,
    Commenters,
    DigitSpacing,
    GatherSettings,
    Packing,
    PressSettings,
    Profile,
    StoreSettings,
    WechatAccount,
    WechatSettings,
)
from jianbao.spans import START
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.workspace import Workspace

#: Characters of a file name that a message shows; systems forbid more than 255 bytes.
_SHOWN = 100
#: An address with the issue's id in it.
_ISSUE_URL = pattern(r"https?://[^\s{}/]+(/([^\s{}]|\{id\})*)?")
#: An AppID; it names files too.
_APPID = "[A-Za-z0-9]{4,64}"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What jianbao.toml says; ``publication`` is None where it cannot be used."""

    publication: Publication | None
    masthead: Masthead
    press: PressSettings
    check: CheckSettings
    wechat: WechatSettings
    delivery: DeliverySettings
    store: StoreSettings
    gather: GatherSettings
    back_matter: tuple[BackMatter, ...]
    problems: tuple[Diagnostic, ...]


def load_publication(workspace: Workspace) -> Configuration:
    """Read jianbao.toml of ``workspace`` whole, reporting everything wrong in it."""
    text, problems = read_text(workspace.root / CONFIGURATION, CONFIGURATION, workspace.read)
    values, syntax = read_toml(text, CONFIGURATION) if not problems else ({}, ())
    if problems or syntax:
        return Configuration(
            None,
            Masthead(),
            PressSettings(),
            CheckSettings(),
            WechatSettings(),
            DeliverySettings(),
            StoreSettings(),
            GatherSettings(),
            (),
            problems + syntax,
        )
    return read_configuration(Table(values, text, CONFIGURATION), workspace)


def read_configuration(table: Table, workspace: Workspace) -> Configuration:
    """What the keys of jianbao.toml come to."""
    publication = _publication(table.table("publication"))
    masthead = _masthead(table.table("masthead"))
    press = _press(table.table("press"), workspace)
    check = _check(table.table("check"))
    wechat = _wechat(table.table("wechat"))
    store = read_store(table.table("store"))
    delivery = read_delivery(table.table("delivery"))
    gather = read_gather(table.table("gather"), publication)
    back_matter = _back_matter(table.tables("back_matter"), workspace)
    table.finish()
    return Configuration(
        publication=publication,
        masthead=masthead,
        press=press,
        check=check,
        wechat=wechat,
        delivery=delivery,
        store=store,
        gather=gather,
        back_matter=back_matter,
        problems=tuple(table.problems),
    )


def _publication(table: Table) -> Publication | None:
    name = table.text("name", required=True)
    tagline, slogan = table.text("tagline"), table.text("slogan")
    language = table.text("language", default="zh-CN")
    sections = table.texts("sections", required=True) or ()
    for index, section in enumerate(sections):
        if section.value in {other.value for other in sections[:index]}:
            message = f"栏目“{section.value}”列了两次"
            table.problems.append(
                Diagnostic(Code.VALUE_INVALID, CONFIGURATION, section.span, message, "只留一个")
            )
    table.finish()
    if not name or not sections:
        return None
    return Publication(
        name=name,
        tagline=tagline,
        slogan=slogan,
        language=language,
        sections=tuple(section.value for section in sections),
    )


def _masthead(table: Table) -> Masthead:
    credit = tuple(Credit(label=label, names=names) for label, names in table.credits("credits"))
    masthead = Masthead(
        credits=credit, statement=table.text("statement"), subscribe=table.text("subscribe")
    )
    table.finish()
    return masthead


def _press(table: Table, workspace: Workspace) -> PressSettings:
    profile = table.choice("profile", tuple(Profile), Profile.HOUSE)
    name = table.text("icc")
    condition = table.text("output_condition", default=PressSettings().output_condition)
    measures = _measures(table)
    table.finish()
    icc = _file(table, "icc", name, workspace) if name else None
    return PressSettings(
        profile=Profile(profile), icc=icc, output_condition=condition, measures=measures
    )


def _measures(table: Table) -> Measures:
    """The type area; the default where what is written does not fit the page."""
    default = Measures()
    measures = Measures(
        size=table.number("size", *SIZES, default.size),
        line=table.number("line", *LINE_HEIGHTS, default.line),
        characters=int(table.number("characters", *CHARACTERS, default.characters)),
        lines=int(table.number("lines", *LINES, default.lines)),
    )
    problems = tuple(misfits(measures))
    for misfit in problems:
        key = next((key for key in misfit.keys if table.is_written(key)), misfit.keys[0])
        span, message = table.value_span(key), misfit.message
        table.problems.append(
            Diagnostic(Code.VALUE_INVALID, CONFIGURATION, span, message, misfit.hint)
        )
    return default if problems else measures


def _check(table: Table) -> CheckSettings:
    spacing = table.choice("digit_spacing", tuple(DigitSpacing), DigitSpacing.TIGHT)
    home = table.texts("home") or ()
    stages = table.choices("require_signatures", tuple(Stage))
    window = table.integer("window_days", CheckSettings().window_days)
    table.finish()
    return CheckSettings(
        digit_spacing=DigitSpacing(spacing),
        home=tuple(place.value for place in home),
        require_signatures=tuple(stage for stage in Stage if stage in stages),
        window_days=window or CheckSettings().window_days,
    )


def _wechat(table: Table) -> WechatSettings:
    api = table.text("api", default=WechatSettings().api)
    own = _account(table, required=False)
    others = []
    for one in table.tables("account"):
        name, account = one.text("name", required=True), _account(one, required=True)
        one.finish()
        others.append(replace(account, name=name))
    packing = table.choice("packing", tuple(Packing), WechatSettings().packing)
    author = table.text("author")
    comments = table.choice("comments", tuple(Commenters), WechatSettings().comments)
    issue_url = _issue_url(table)
    table.finish()
    accounts = (own, *others) if own.appid else tuple(others)
    return WechatSettings(
        api=api,
        accounts=accounts,
        packing=Packing(packing),
        author=author,
        comments=Commenters(comments),
        issue_url=issue_url,
    )


def _issue_url(table: Table) -> str:
    url = table.text("issue_url")
    if not url or _ISSUE_URL.fullmatch(url):
        return url
    message, span = f"{_shown(url)} 不是网址", table.value_span("issue_url")
    hint = "写 http:// 或 https:// 开头的网址，期写成 {id}"
    table.problems.append(Diagnostic(Code.VALUE_INVALID, CONFIGURATION, span, message, hint))
    return ""


def _account(table: Table, *, required: bool) -> WechatAccount:
    """An account, called by its AppID until it has a name."""
    appid = table.word("appid", _APPID, "wx0123456789abcdef", required=required)
    return WechatAccount(name=appid, appid=appid, secret_file=table.text("secret_file"))


def _file(table: Table, key: str, name: str, workspace: Workspace) -> Path | None:
    """The file ``name`` of the workspace, or a report that there is none."""
    file = workspace.root / name
    if _is_file_below(workspace.root, file):
        return file
    message, span = f"找不到文件 {_shown(name)}", table.value_span(key)
    problem = Diagnostic(Code.FILE_UNREADABLE, CONFIGURATION, span, message, "文件要放在工作区里")
    table.problems.append(problem)
    return None


def _back_matter(tables: tuple[Table, ...], workspace: Workspace) -> tuple[BackMatter, ...]:
    pages = []
    for table in tables:
        title, name = table.text("title", required=True), table.file_name("file")
        table.finish()
        if not title or not name:
            continue
        file = _file(table, "file", name, workspace)
        if file is None:
            continue
        text, problems = read_text(file, workspace.relative(file), workspace.read)
        table.problems.extend(problems)
        body = parse_body(text, workspace.relative(file), START.line, file.parent)
        pages.append(BackMatter(title=title, body=body))
    return tuple(pages)


def _is_file_below(root: Path, file: Path) -> bool:
    try:
        return file.resolve().is_relative_to(root) and file.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _shown(name: str) -> str:
    short = without_controls(name)
    return short if len(short) <= _SHOWN else f"{short[:_SHOWN]}…"
