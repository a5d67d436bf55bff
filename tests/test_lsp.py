"""The language server over its standard streams, as an editor talks to it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from workspaces import (
    BAD,
    CONFIGURATION,
    ISSUE,
    ITEM,
    NUMBERS,
    PUBLICATION,
    ROOT,
    SECOND_ITEM,
    item_text,
    make_workspace,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from pathlib import Path

    import pytest

_SECONDS = 30.0

#: The astral character counts two in UTF-16 and one here.
SLIP = item_text("𠀀甲 and 乙。\n")
MENDED = item_text("𠀀甲和乙。\n")


class Editor:
    """An editor with a workspace open: what it was told, and what it asks."""

    def __init__(self, folder: Path, client: LanguageClient) -> None:
        self.folder = folder.resolve()
        self.client = client
        self.shown: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self._news = asyncio.Condition()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def take(params: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.shown[params.uri] = list(params.diagnostics)
                self._news.notify_all()

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def say(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

    def uri(self, path: str) -> str:
        """How the protocol names a file."""
        return (self.folder / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        """Open a file, with another text than the disk's where one is given."""
        content = (self.folder / path).read_text("utf-8") if text is None else text
        document = types.TextDocumentItem(self.uri(path), "markdown", 1, content)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))

    def type(self, path: str, text: str, version: int = 2) -> None:
        """Make ``text`` of an open file, without saving it."""
        document = types.VersionedTextDocumentIdentifier(version, self.uri(path))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, path: str) -> None:
        """Say that a file was saved."""
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, path: str) -> None:
        """Close a file."""
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def codes(self, path: str, *expected: str) -> list[types.Diagnostic]:
        """Wait until just the ``expected`` codes are shown for a file."""

        def arrived() -> bool:
            return [d.code for d in self.shown.get(self.uri(path), [])] == list(expected)

        async with self._news:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait_for(arrived), _SECONDS)
        assert arrived(), self.shown
        return self.shown.get(self.uri(path), [])

    async def actions(
        self, path: str, line: int, character: int, *only: str
    ) -> list[types.CodeAction]:
        """What can be done at a place, of the kinds ``only``."""
        place = types.Position(line, character)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri(path)),
            types.Range(place, place),
            types.CodeActionContext([], only or None),
        )
        found = await self.client.text_document_code_action_async(params)
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def proposals(self, path: str, line: int, character: int) -> dict[str, Any]:
        """Completion: what each proposal puts at the cursor's place."""
        document = types.TextDocumentIdentifier(self.uri(path))
        params = types.CompletionParams(document, types.Position(line, character))
        found = await self.client.text_document_completion_async(params)
        assert isinstance(found, list)
        return {item.label: item.text_edit for item in found}

    async def hover(self, path: str, line: int, character: int) -> str | None:
        """What is shown at a place."""
        document = types.TextDocumentIdentifier(self.uri(path))
        params = types.HoverParams(document, types.Position(line, character))
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value


@asynccontextmanager
async def editing(folder: Path) -> AsyncIterator[Editor]:
    client = LanguageClient("an editor", "1")
    editor = Editor(folder, client)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    await client.start_io(sys.executable, "-m", "jianbao", "lsp", cwd=folder, env=env)
    capabilities = types.ClientCapabilities()  # without positionEncodings: UTF-16
    params = types.InitializeParams(capabilities=capabilities, root_uri=folder.as_uri())
    await asyncio.wait_for(client.initialize_async(params), _SECONDS)
    client.initialized(types.InitializedParams())
    try:
        yield editor
        assert editor.messages == []
    finally:
        await asyncio.wait_for(client.shutdown_async(None), _SECONDS)
        client.exit(None)
        await asyncio.wait_for(client.stop(), _SECONDS)


def session(test: Callable[[Path], Coroutine[Any, Any, None]]) -> Callable[[Path], None]:
    """Run a test that is a conversation."""

    def run(tmp_path: Path) -> None:
        asyncio.run(test(tmp_path))

    run.__name__ = test.__name__
    return run


def applied(text: str, edit: types.WorkspaceEdit | None, uri: str) -> str:
    """``text`` with the edits of an action, whose places are in UTF-16."""
    assert edit is not None
    assert edit.changes is not None
    data = text.encode("utf-16-le")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode("utf-16-le")))
    for one in sorted(edit.changes[uri], key=lambda e: e.range.start.line, reverse=True):
        start = starts[one.range.start.line] + 2 * one.range.start.character
        end = starts[one.range.end.line] + 2 * one.range.end.character
        data = data[:start] + one.new_text.encode("utf-16-le") + data[end:]
    return data.decode("utf-16-le")


@session
async def test_opening_an_item_shows_what_is_wrong_in_the_issue(folder: Path) -> None:
    make_workspace(folder, {**BAD, SECOND_ITEM: item_text("甲 of 乙。\n", url="https://e.com/")})
    async with editing(folder) as editor:
        editor.open(ITEM)
        section, placeholder = await editor.codes(ITEM, "section-unknown", "placeholder-text")
        await editor.codes(SECOND_ITEM, "latin-word")

    assert section.message == "没有“国策要轮”这个栏目\n怎么办：是不是“国策要论”？"
    assert section.severity == types.DiagnosticSeverity.Error
    assert section.source == "jianbao"
    assert placeholder.range == types.Range(types.Position(7, 3), types.Position(7, 7))


@session
async def test_what_is_typed_counts_before_it_is_saved(folder: Path) -> None:
    make_workspace(folder)
    async with editing(folder) as editor:
        editor.open(ITEM)
        editor.type(ITEM, item_text("TODO\n"))
        await editor.codes(ITEM, "placeholder-text")
        editor.type(ITEM, item_text("写完了。\n"), 3)
        await editor.codes(ITEM)
        editor.type(ITEM, item_text("TODO\n"), 4)
        await editor.codes(ITEM, "placeholder-text")
        editor.close(ITEM)  # without saving
        await editor.codes(ITEM)

    assert (folder / ITEM).read_text("utf-8") == item_text()


@session
async def test_a_saved_file_is_checked(folder: Path) -> None:
    make_workspace(folder)
    async with editing(folder) as editor:
        editor.open(ITEM)
        (folder / ISSUE).write_text("number = 4\n", "utf-8")
        editor.save(ITEM)
        await editor.codes(ISSUE, "key-missing", "key-missing")


@session
async def test_positions_are_in_utf_16_and_a_fix_mends(folder: Path) -> None:
    make_workspace(folder, {ITEM: SLIP})
    async with editing(folder) as editor:
        editor.open(ITEM)
        (word,) = await editor.codes(ITEM, "latin-word")
        fix, ignoring, fix_all = await editor.actions(ITEM, 7, 4)
        on_save = await editor.actions(ITEM, 0, 0, "source")

    assert word.range == types.Range(types.Position(7, 3), types.Position(7, 8))
    assert (fix.title, fix.kind, fix.is_preferred) == ("改为“和”", "quickfix", True)
    assert applied(SLIP, fix.edit, editor.uri(ITEM)) == MENDED
    assert ignoring.title == "这条稿件不报 latin-word"
    expected = SLIP.replace("---\n\n", "ignore: [latin-word]\n---\n\n")
    assert applied(SLIP, ignoring.edit, editor.uri(ITEM)) == expected
    assert (fix_all.title, fix_all.kind) == ("改正能自动改正的 1 处", "source.fixAll")
    assert applied(SLIP, fix_all.edit, editor.uri(ITEM)) == MENDED
    assert [action.title for action in on_save] == [fix_all.title]


@session
async def test_a_text_that_went_on_gets_no_fix_for_what_it_was(folder: Path) -> None:
    make_workspace(folder, {ITEM: SLIP})
    async with editing(folder) as editor:
        editor.open(ITEM)
        await editor.codes(ITEM, "latin-word")
        editor.type(ITEM, SLIP.replace("𠀀", "前面多了字"))

        assert await editor.actions(ITEM, 7, 4) == []


@session
async def test_a_list_of_ignored_codes_is_made_longer(folder: Path) -> None:
    text = item_text("甲 and 乙。\n", ignore="[url-duplicate]")
    make_workspace(folder, {ITEM: text})
    async with editing(folder) as editor:
        editor.open(ITEM)
        await editor.codes(ITEM, "ignore-unused", "latin-word")
        _, ignoring, _ = await editor.actions(ITEM, 8, 2)

    longer = text.replace("url-duplicate", "url-duplicate, latin-word")
    assert applied(text, ignoring.edit, editor.uri(ITEM)) == longer


@session
async def test_keys_that_are_not_written_are_proposed(folder: Path) -> None:
    text = "---\ntitle: 标题\nso\n---\n正文。\n"
    async with editing(make_workspace(folder)) as editor:
        editor.open(ITEM, text)
        keys = await editor.proposals(ITEM, 2, 2)
        body = await editor.proposals(ITEM, 4, 2)

    assert "title" not in keys
    assert keys["source"] == types.TextEdit(
        types.Range(types.Position(2, 0), types.Position(2, 2)), "source: "
    )
    assert keys["keywords"].new_text == "keywords: []"
    assert body == {}


@session
async def test_sections_sources_and_codes_are_proposed(folder: Path) -> None:
    registered = {"sources/miit.toml": 'name = "工业和信息化部"\n', "sources/half.toml": "name ="}
    make_workspace(folder, {**registered, ITEM: item_text("TODO\n")})
    text = (
        "---\ntitle: 标题\nsection: 国\nsource: \nurl: x\n"
        "ignore: [lat\nkeywords:\n  - a\n---\n正文。\n"
    )
    async with editing(folder) as editor:
        editor.open(SECOND_ITEM, text)
        await editor.codes(ITEM, "placeholder-text")
        sections = await editor.proposals(SECOND_ITEM, 2, 10)
        sources = await editor.proposals(SECOND_ITEM, 3, 8)
        codes = await editor.proposals(SECOND_ITEM, 5, 12)
        keywords = await editor.proposals(SECOND_ITEM, 7, 5)

    assert list(sections) == ["国策要论", "地方新政"]
    assert sections["国策要论"].range == types.Range(types.Position(2, 9), types.Position(2, 10))
    assert list(sources) == ["工业和信息化部", "国家数据局"]
    assert codes["latin-word"].range == types.Range(types.Position(5, 9), types.Position(5, 12))
    assert "source-missing" not in codes
    assert keywords == {}


@session
async def test_keys_of_toml_files_are_proposed(folder: Path) -> None:
    async with editing(make_workspace(folder)) as editor:
        editor.open(ISSUE, f"{NUMBERS}hea")
        issue = await editor.proposals(ISSUE, 3, 3)
        editor.open(CONFIGURATION, f"{PUBLICATION}\n[[back_matter]]\nti")
        page = await editor.proposals(CONFIGURATION, 5, 2)

    assert list(issue) == ["headline", "items"]
    assert issue["headline"].new_text == "headline = "
    assert list(page) == ["title", "file"]


@session
async def test_a_hover_explains(folder: Path) -> None:
    text = item_text("甲 and 乙。\n", ignore="[url-duplicate]")
    make_workspace(folder, {ITEM: text})
    async with editing(folder) as editor:
        editor.open(ITEM)
        await editor.codes(ITEM, "ignore-unused", "latin-word")
        finding = await editor.hover(ITEM, 8, 3)
        key = await editor.hover(ITEM, 2, 3)
        code = await editor.hover(ITEM, 5, 12)
        nothing = await editor.hover(ITEM, 7, 0)

    assert finding is not None
    assert finding.startswith("**latin-word** 汉字之间夹着英文虚词\n")
    assert "依据：体例" in finding
    assert "各地制定扶持政策 and 激励措施。" in finding
    assert key == "**section** 栏目：jianbao.toml 的 sections 里的一个"
    assert code is not None
    assert "本期有两条稿件指向同一原文" in code
    assert nothing is None


@session
async def test_what_all_issues_share_is_checked_with_the_newest(folder: Path) -> None:
    make_workspace(folder)
    async with editing(folder) as editor:
        editor.open(CONFIGURATION, f'{PUBLICATION}nmae = "甲"\n')
        await editor.codes(CONFIGURATION, "key-unknown")
        editor.type(CONFIGURATION, PUBLICATION)
        await editor.codes(CONFIGURATION)


@session
async def test_a_file_outside_a_workspace_is_left_alone(folder: Path) -> None:
    (folder / "a.md").write_text("正文", "utf-8")
    async with editing(folder) as editor:
        editor.open("a.md")
        assert await editor.hover("a.md", 0, 0) is None
        assert await editor.proposals("a.md", 0, 0) == {}
        assert await editor.actions("a.md", 0, 0) == []

    assert editor.shown == {}


HALVES = [
    *(SLIP[:length] for length in range(0, len(SLIP), 7)),
    "---\ntitle: [\n---\n",
    '---\ntitle: "\n',
    "---\nignore:\n  - \n",
    "---\n: \n---",
    "---\n- a\n---\n",
    "---\r\ntitle: a\r\n\r\n",
    "\u2028---\ntitle: 甲\u2028乙\n---\n",
    "---\ntitle: !!x &a *b\n---\n",
]


@session
async def test_nothing_that_is_half_typed_brings_it_down(folder: Path) -> None:
    make_workspace(folder)
    async with editing(folder) as editor:
        editor.open(ITEM)
        for version, text in enumerate(HALVES, start=2):
            editor.type(ITEM, text, version)
            editor.save(ITEM)
            for line in range(text.count("\n") + 2):
                await editor.proposals(ITEM, line, 3)
                await editor.hover(ITEM, line, 3)
                await editor.actions(ITEM, line, 3)
        editor.type(ITEM, item_text("TODO\n"), 99)
        await editor.codes(ITEM, "placeholder-text")


def test_without_its_library_the_command_says_what_to_install(
    jianbao: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jianbao.cli.lsp.find_spec", lambda _name: None)

    ran = jianbao(tmp_path, "lsp")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == '错误：缺少语言服务用的库 pygls\n怎么办：运行 pip install "jianbao[lsp]"\n'
