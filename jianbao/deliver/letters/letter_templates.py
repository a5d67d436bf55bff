"""Subject, text and HTML of a letter, from templates in ``mail/``."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from jianbao.deliver.letters.contents import Contents

_THEME = Path(__file__).parents[2] / "themes" / "classic"
#: What templates are laid out with; other line ends are nobody's layout.
_SPACE = re.compile(r"[ \t\r\n]+")
_CONFIRM = ("mail/confirm-subject.txt.j2", "mail/confirm.txt.j2", "mail/confirm.html.j2")
SUBJECT, TEXT, HTML = "mail/subject.txt.j2", "mail/letter.txt.j2", "mail/letter.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a letter says, in text and in HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How a reader comes to the PDF and away from the list; "" for none."""

    file_name: str
    download_url: str
    unsubscribe_url: str
    reply_to: str


def mail_templates(folders: tuple[Path, ...]) -> jinja2.Environment:
    """Templates of ``folders``, in this order, then of the theme; undefined names are errors."""
    loaders: list[jinja2.BaseLoader] = [jinja2.FileSystemLoader(f) for f in (*folders, _THEME)]
    themes = jinja2.PrefixLoader({"theme": jinja2.FileSystemLoader(_THEME)})
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([themes, *loaders]),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(("html", "html.j2")),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def word_letter(templates: jinja2.Environment, contents: Contents, means: Means) -> Wording:
    """The letter of ``contents``.

    Raises:
        UsageProblem: A template is missing or wrong; the message names it and its line.
    """
    names = {"contents": contents, "means": means}
    return _word(templates, (SUBJECT, TEXT, HTML), names)


def word_confirmation(templates: jinja2.Environment, **names: object) -> Wording:
    """The letter that asks a reader to confirm; ``names`` are what its templates may use.

    Raises:
        UsageProblem: A template is missing or wrong; the message names it and its line.
    """
    return _word(templates, _CONFIRM, names)


def _word(
    templates: jinja2.Environment, files: tuple[str, str, str], names: dict[str, object]
) -> Wording:
    subject, text, html = (_render(templates, file, names).strip() for file in files)
    return Wording(subject=_SPACE.sub(" ", subject), text=text + "\n", html=html + "\n")


def _render(templates: jinja2.Environment, name: str, names: dict[str, object]) -> str:
    hint = "改正这个模板，或删去它，用主题里的"
    try:
        return templates.get_template(name).render(names)
    except jinja2.TemplateSyntaxError as error:
        message = f"模板 {error.name} 第 {error.lineno} 行语法有误：{error.message}"
        raise UsageProblem(message, hint) from error
    except jinja2.TemplateNotFound as error:
        raise UsageProblem(f"找不到模板 {error.name}", hint) from error
    except UnicodeDecodeError as error:
        raise UsageProblem(f"模板 {name} 不是 UTF-8 编码", hint) from error
    except (jinja2.TemplateError, TypeError, ValueError, ZeroDivisionError) as error:
        raise UsageProblem(f"模板 {name}{_line(error)}出错：{error}", hint) from error


def _line(error: Exception) -> str:
    """The line of the innermost template, where Jinja rewrote the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    found = [frame.lineno for frame in frames if frame.filename.endswith(".j2")]
    return f" 第 {found[-1]} 行" if found else ""
