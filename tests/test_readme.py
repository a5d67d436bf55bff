"""What the guides tell people to type and to read is there."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from jinja2.meta import find_undeclared_variables
from workspaces import ITEM, TODAY, make_workspace

from jianbao.cli import COMMANDS
from jianbao.diagnostics import CODES
from jianbao.measures import Measures
from jianbao.pipeline import check
from jianbao.press.cover import CoverView, HeadlineView
from jianbao.press.environment import make_environment
from jianbao.press.views import ArticleView, BackMatterView, QRView, SectionView
from jianbao.press.wechat.styles import read_styles
from jianbao.workspace import Workspace

_REPOSITORY = Path(__file__).resolve().parent.parent
_GUIDES = sorted(
    file
    for pattern in ("*.md", "docs/**/*.md", "sources/*.md")
    for file in _REPOSITORY.glob(pattern)
)
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SHELL = {"", "sh", "bash", "console"}

names = pytest.mark.parametrize(
    "guide", _GUIDES, ids=lambda file: file.relative_to(_REPOSITORY).as_posix()
)


def commands_in(text: str) -> list[list[str]]:
    """Words of each command line in the fences of ``text``, and of each in its sentences."""
    fenced = [
        line.split("#", 1)[0].removeprefix("$ ")
        for fence in _FENCE.finditer(text)
        if fence["kind"] in _SHELL
        for line in fence["text"].splitlines()
    ]
    inline = _CODE.findall(_FENCE.sub("", text))
    return [words for line in (*fenced, *inline) if (words := words_of(line))]


def words_of(line: str) -> list[str]:
    """``line`` as a shell splits it; nothing where it is no command of ours."""
    if not re.match(r"(make|jianbao|python3?|py) ?", line) or "|" in line:
        return []
    try:
        return shlex.split(line.replace("\\", "/"))
    except ValueError:
        return []


def make_targets() -> set[str]:
    """Targets of the Makefile."""
    return set(
        re.findall(r"^([a-z-]+):", (_REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE)
    )


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The pages that tools/write_docs.py writes, as they would be written now."""
    spec = spec_from_file_location("write_docs", _REPOSITORY / "tools" / "write_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: page() for name, page in module.PAGES.items()}


def command_named(name: str, below: str = "") -> click.Command:
    """A command of ``jianbao``, or the one ``below`` a group."""
    module, attribute = COMMANDS[name]
    command = getattr(import_module(module), attribute)
    if (
        below
        and isinstance(command, click.Group)
        and (
            below in command.list_commands(click.Context(command))
            or not command.invoke_without_command
        )
    ):
        command = command.get_command(click.Context(command), below)
    assert isinstance(command, click.Command)
    return command


def all_commands() -> list[str]:
    """What is typed for each command; for those of a group, two words."""
    found = []
    for name, (module, attribute) in COMMANDS.items():
        command = getattr(import_module(module), attribute)
        group = isinstance(command, click.Group)
        alone = [""] if not group or command.invoke_without_command else []
        below = alone + (command.list_commands(click.Context(command)) if group else [])
        found += [f"{name} {word}".strip() for word in below]
    return found


def options_of(command: click.Command) -> set[str]:
    """All spellings of its options."""
    return {"--help", *(option for p in command.params for option in (*p.opts, *p.secondary_opts))}


@names
def test_make_targets_that_a_guide_names_exist(guide: Path) -> None:
    commands = [w for w in commands_in(guide.read_text("utf-8")) if w[0] == "make"]
    targets = {word for words in commands for word in words[1:] if "=" not in word}

    assert targets <= make_targets()


@names
def test_commands_and_options_that_a_guide_names_exist(guide: Path) -> None:
    for words in commands_in(guide.read_text("utf-8")):
        if words[0] != "jianbao" or len(words) == 1 or words[1].startswith("-"):
            continue
        assert words[1] in COMMANDS, words
        options = {word.split("=")[0] for word in words[2:] if re.match("-{1,2}[a-z]", word)}
        assert options <= options_of(command_named(*words[1:3])), words


@names
def test_scripts_that_a_guide_names_exist(guide: Path) -> None:
    for words in commands_in(guide.read_text("utf-8")):
        script = words[1] if len(words) > 1 else ""
        if re.match("py", words[0]) and script.endswith(".py"):
            assert (_REPOSITORY / script).is_file(), words


@names
def test_files_that_a_guide_links_exist(guide: Path) -> None:
    for target in _LINK.findall(_CODE.sub("", _FENCE.sub("", guide.read_text("utf-8")))):
        if "://" not in target and not target.startswith(("#", "mailto:")):
            file = guide.parent / unquote(target.split("#")[0])
            assert file.exists(), target


@names
def test_codes_that_a_guide_shows_exist(guide: Path) -> None:
    shown = re.findall(
        r"(?:错误|警告|提示|error|warning|note)\[([a-z-]+)\]", guide.read_text("utf-8")
    )

    assert set(shown) <= set(CODES)


def test_the_item_that_the_readme_shows_may_be_printed(tmp_path: Path) -> None:
    fences = _FENCE.finditer((_REPOSITORY / "README.md").read_text("utf-8"))
    item = next(
        f["text"] for f in fences if f["kind"] == "markdown" and f["text"].startswith("---")
    )
    workspace = Workspace(make_workspace(tmp_path, {ITEM: item}).resolve())

    assert check(workspace, workspace.issues / "2025-04", TODAY).diagnostics == ()


def test_the_readme_leads_to_both_commands() -> None:
    commands = commands_in((_REPOSITORY / "README.md").read_text("utf-8"))

    assert ["make", "issue"] in commands
    assert ["make", "test"] in commands


# -- lists that are written from code: after a change, run `make docs` --


@pytest.mark.parametrize("name", ["diagnostics.md", "rules.md", "commands.md"])
def test_a_written_page_is_current(pages: dict[str, str], name: str) -> None:
    assert (_REPOSITORY / "docs" / name).read_text("utf-8") == pages[name]


def test_every_code_has_its_row(pages: dict[str, str]) -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", pages["diagnostics.md"], re.MULTILINE)

    assert rows == list(CODES)


def test_groups_of_codes_have_chinese_names(pages: dict[str, str]) -> None:
    headings = re.findall("^## (.+)", pages["diagnostics.md"], re.MULTILINE)

    assert not [heading for heading in headings if heading.isascii()]


def test_every_command_and_option_has_its_place(pages: dict[str, str]) -> None:
    page = pages["commands.md"]

    assert re.findall("^## jianbao (.+)", page, re.MULTILINE) == all_commands()
    for name in all_commands():
        options = {o for o in options_of(command_named(*name.split())) if o.startswith("--")}
        assert not [option for option in options - {"--help"} if option not in page]


# -- docs/templates.md --


def test_the_guide_to_templates_explains_every_name_of_the_theme() -> None:
    guide = (_REPOSITORY / "docs" / "templates.md").read_text("utf-8")
    environment = make_environment(Workspace(_REPOSITORY), _REPOSITORY / "issues" / "2025-04")
    theme = _REPOSITORY / "jianbao" / "themes" / "classic"

    used = set()
    for file in sorted(theme.rglob("*.*")):
        if file.parent.name == "wechat":
            continue  # docs/wechat.md
        used |= find_undeclared_variables(environment.parse(file.read_text("utf-8")))
        assert f"`{file.relative_to(theme).as_posix()}`" in guide
    assert not [name for name in used - {"article"} if f"`{name}`" not in guide]


def test_the_guide_to_wechat_explains_every_name_of_its_templates() -> None:
    guide = (_REPOSITORY / "docs" / "wechat.md").read_text("utf-8")
    environment = make_environment(Workspace(_REPOSITORY), _REPOSITORY / "issues" / "2025-04")
    theme = _REPOSITORY / "jianbao" / "themes" / "classic" / "wechat"

    used = set()
    for file in theme.glob("*.j2"):
        used |= find_undeclared_variables(environment.parse(file.read_text("utf-8")))
        assert f"`{file.name}`" in guide
    assert not [name for name in used - {"section"} if f"`{name}`" not in guide]


def test_the_guide_to_wechat_explains_every_name_of_the_style_table() -> None:
    guide = (_REPOSITORY / "docs" / "wechat.md").read_text("utf-8")

    names = read_styles(Workspace(_REPOSITORY), _REPOSITORY / "issues" / "2025-04")

    assert not [name for name in names if f"`{name}`" not in guide]


@pytest.mark.parametrize(
    ("view", "name"),
    [
        (SectionView, "section"),
        (ArticleView, "article"),
        (QRView, "article.qr"),
        (BackMatterView, "page"),
        (Measures, "measures"),
        (HeadlineView, "headline"),
        (CoverView, "cover"),
    ],
)
def test_the_guide_to_templates_explains_every_field(view: type, name: str) -> None:
    guide = (_REPOSITORY / "docs" / "templates.md").read_text("utf-8")

    assert not [f.name for f in fields(view) if f"`{name}.{f.name}`" not in guide]
