"""Templates: where they come from, and their errors as diagnostics.

An issue's own ``templates/`` comes before the workspace's, and that before the
theme; ``theme/NAME`` is always the theme's, so that an override can extend it.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from jianbao.diagnostics import Code, Diagnostic
from jianbao.spans import START, Span

if TYPE_CHECKING:
    from jianbao.workspace import Workspace

#: What is rendered of a theme.
TEMPLATE = "issue.html.j2"
STYLE = "print.css"
#: After it, where an edition goes to the press.
PRESS_STYLE = "press.css"

_THEME = Path(__file__).parent.parent / "themes" / "classic"


class TemplateProblem(Exception):
    """A template cannot be used; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def template_folders(workspace: Workspace, issue: Path) -> tuple[Path, ...]:
    """Where templates and the files they show are looked for, in this order."""
    return issue / "templates", workspace.root / "templates", _THEME


def find_file(name: str, folders: tuple[Path, ...]) -> Path | None:
    """The file ``name`` that a template shows, from the first folder that has it."""
    for folder in folders:
        file = (folder / name).resolve()
        if file.is_relative_to(folder.resolve()) and file.is_file():
            return file
    return None


def make_environment(workspace: Workspace, issue: Path) -> jinja2.Environment:
    """The environment for an issue; undefined names are errors, HTML is escaped."""
    loaders: list[jinja2.BaseLoader] = [
        jinja2.FileSystemLoader(folder) for folder in template_folders(workspace, issue)
    ]
    themes = jinja2.PrefixLoader({"theme": jinja2.FileSystemLoader(_THEME)})
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([themes, *loaders]),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(("html", "j2")),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["css"] = css_string
    return environment


def css_string(text: str) -> str:
    """``text`` for use inside a quoted CSS string."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def render(
    environment: jinja2.Environment, name: str, workspace: Workspace, **names: object
) -> str:
    """The template ``name`` with ``names``.

    Raises:
        TemplateProblem: Its syntax is wrong, it uses a name that there is not, or it fails.
    """
    try:
        return environment.get_template(name).render(**names)
    except jinja2.TemplateNotFound as error:
        hint = "恢复这个模板，或改正引用它的地方"
        message = f"找不到模板 {error.name}"
        file, line = _template_line(error) or (None, 1)
        raise TemplateProblem(_at(_path(file, workspace), line, message, hint)) from error
    except jinja2.TemplateSyntaxError as error:
        path = _path(error.filename, workspace)
        message = f"模板语法有误：{error.message}"
        raise TemplateProblem(_at(path, error.lineno, message, None)) from error
    except UnicodeDecodeError as error:
        file = _not_utf8(environment)
        message, hint = "模板不是 UTF-8 编码", "用编辑器另存为 UTF-8 编码"
        raise TemplateProblem(_at(_path(file, workspace), 1, message, hint)) from error
    except RecursionError as error:
        file, line = _template_line(error) or (None, 1)
        message, hint = "模板一层层引用了它自己", "要扩展主题的模板，写 theme/ 和它的名称"
        raise TemplateProblem(_at(_path(file, workspace), line, message, hint)) from error
    except (jinja2.TemplateError, TypeError, ValueError, ZeroDivisionError) as error:
        place = _template_line(error)
        if place is None:
            raise
        file, line = place
        message = f"模板出错：{error}"
        hint = "可用的名称见 docs/templates.md"
        raise TemplateProblem(_at(_path(file, workspace), line, message, hint)) from error


def _not_utf8(environment: jinja2.Environment) -> str | None:
    """The first template that cannot be decoded; Jinja does not say which it was."""
    assert isinstance(environment.loader, jinja2.ChoiceLoader)  # noqa: S101  (see make_environment)
    for loader in environment.loader.loaders:
        folders = loader.searchpath if isinstance(loader, jinja2.FileSystemLoader) else []
        for file in (f for folder in folders for f in sorted(Path(folder).glob("*.*"))):
            if file.suffix in {".j2", ".css"} and not _decodes(file):
                return str(file)
    return None


def _decodes(file: Path) -> bool:
    try:
        file.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _at(path: str, line: int, message: str, hint: str | None) -> Diagnostic:
    span = Span.on_line(line, 1, 0) if line else START
    return Diagnostic(Code.TEMPLATE_ERROR, path, span, message, hint)


def _path(file: str | None, workspace: Workspace) -> str:
    return workspace.relative(Path(file)) if file else "templates"


def _template_line(error: Exception) -> tuple[str, int] | None:
    """The innermost template among the frames, where Jinja rewrote the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if not frame.filename.endswith(".py") and Path(frame.filename).is_file():
            return frame.filename, frame.lineno or 1
    return None
