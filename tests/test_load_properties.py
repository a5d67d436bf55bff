"""Whatever is written is read without a traceback, and what is wrong has a place in its file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from workspaces import (
    CONFIGURATION,
    ISSUE,
    ITEM,
    LEDGER,
    LEDGER_HEAD,
    NUMBERS,
    PUBLICATION,
    diagnose,
    item_text,
    lies_inside,
    lines_of,
)

from jianbao.diagnostics import CODES
from jianbao.load.item import load_item
from jianbao.load.markdown import parse_body
from jianbao.load.table import read_toml
from jianbao.reporting import FORMATS, render

#: What breaks YAML, TOML, Markdown or our own rules when it stands in the wrong place.
SNIPPETS = st.sampled_from(
    [
        *"'\":：[]{}|>!#%@`\\\t\n\r_)=，“\u3000\u200b\ufeff\u2028\x00😀\ue000",
        *(
            [
                r'"""',
                r"[[x]]",
                r"&a",
                r"*a",
                r"!!str",
                r"---",
                r"...",
                r"```",
                r"\ud800",
                r"\x07",
                r"%00",
                r"%E5",
                r"http://",
                r"://[",
                r"javascript:",
            ]
        ),
        *(
            [
                "<b>",
                "</b>",
                "<!--",
                "-->",
                "![a](",
                "](",
                "[^1]",
                "**",
                "~~",
                "TODO",
                "待补",
                "xxx",
                "2025-02-30",
                "00:00",
                "é",
            ]
        ),
        *(": ", "- ", "? ", "    ", "<<: ", " = ", "[^1]: ", "[a]: b\n", "<div>\n", "\n\n"),
        *("\n---\n", "| a |\n| - |\n", "ignore: [placeholder-text]\n", "a" * 300),
    ]
)
#: Where (as a share of the text), how much is taken away, and what is put there.
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 6), SNIPPETS | st.text(max_size=4)),
    min_size=1,
    max_size=5,
)
BODY = """\
第一段，**一是甲。**二是[乙](https://a.cn)。
第二行![图](a.png)

1. 甲
2. 乙[^1]

| a | b |
| --- | --- |
| c | `d` |

> 引

[^1]: 注
"""
FILES = {
    ITEM: item_text(BODY, keywords='[甲, "乙"]', title_lines='["标", "题"]', slug="a"),
    ISSUE: f'{NUMBERS}headline = "要题"\nitems = ["01-a.md"]\n',
    CONFIGURATION: f"{PUBLICATION}\n[masthead]\n"
    'credits = [["主编", ["张三"]]]\n\n[[back_matter]]\ntitle = "简介"\nfile = "back/a.md"\n',
    LEDGER: f"{LEDGER_HEAD}2025-04,4,217,2025-02-10\n",
    "back/a.md": "本刊**简介。**甲\n",
}


def edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    """``text`` after ``edits``."""
    for share, length, new in edits:
        start = int(share * len(text))
        text = text[:start] + new + text[start + length :]
    return text


def check_positions(files: dict[str, str | bytes]) -> None:
    """Check a workspace, show what is wrong, and look for each place in its file."""
    with TemporaryDirectory() as name:
        found = diagnose(Path(name), FILES | files)
        lines = {d.path: lines_of(Path(name) / d.path) for d in found}

    assert [d for d in found if not lies_inside(d.span, lines[d.path])] == []
    assert all(d.code.slug in CODES and d.message for d in found)
    for form in FORMATS:
        render(found, form, lines.__getitem__)


@pytest.mark.parametrize("path", FILES)
@given(edits=EDITS)
@settings(max_examples=120)
def test_any_edit_of_any_file_leaves_every_place_inside(
    path: str, edits: list[tuple[float, int, str]]
) -> None:
    check_positions({path: edited(FILES[path], edits)})


@pytest.mark.parametrize("path", [ITEM, ISSUE])
@given(text=st.text(max_size=80))
@example(text="---")
@example(text="---\n---")
@example(text="---\n\n---\n\n")
@settings(max_examples=60)
def test_any_text_in_place_of_a_file_leaves_every_place_inside(path: str, text: str) -> None:
    check_positions({path: text})


@pytest.mark.parametrize("path", [ITEM, CONFIGURATION, LEDGER])
@given(share=st.floats(0, 1), junk=st.binary(min_size=1, max_size=3))
@example(share=0.5, junk=b"\r\xff")
@settings(max_examples=60)
def test_any_bytes_in_a_file_leave_every_place_inside(path: str, share: float, junk: bytes) -> None:
    data = FILES[path].encode()
    start = int(share * len(data))

    check_positions({path: data[:start] + junk + data[start:]})


@given(st.text(max_size=120) | st.lists(SNIPPETS, max_size=12).map("".join))
@settings(max_examples=300)
def test_any_markdown_has_links_images_and_html_inside_it(source: str) -> None:
    source = source.replace("\r", "\n")
    body = parse_body(source, ITEM, 8, Path())
    lines = [*[""] * 7, *source.split("\n")]
    pieces = [*body.links, *body.html, *body.images]

    assert [piece for piece in pieces if not lies_inside(piece.span, lines)] == []


@given(st.text(max_size=80) | st.lists(SNIPPETS, max_size=10).map("".join))
@settings(max_examples=300)
def test_any_toml_is_read_or_has_a_place(text: str) -> None:
    text = text.replace("\r", "\n")
    _, problems = read_toml(text, ISSUE)

    assert all(lies_inside(problem.span, text.split("\n")) for problem in problems)


@given(
    title=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
    body=st.text("甲乙，。*_~`#>- 1.\n", max_size=60),
)
@settings(max_examples=100)
def test_a_title_in_single_quotes_is_read_as_it_was_written(title: str, body: str) -> None:
    quoted = "'" + title.replace("'", "''") + "'"
    with TemporaryDirectory() as name:
        file = Path(name) / "a.md"
        file.write_bytes(item_text(body, title=quoted).encode())
        item, problems = load_item(file, ITEM)

    assert problems == ()
    assert item.title is not None
    assert item.title.value == title
    assert item.body.source == f"\n{body}"
