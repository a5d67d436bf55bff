"""The server: requests of the editor in, diagnostics and answers out."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from jianbao import __version__
from jianbao.diagnostics import CODES
from jianbao.edits import without_overlaps
from jianbao.explanations import explain_in_markdown
from jianbao.language_server import completion, issues
from jianbao.language_server.completion import Known
from jianbao.language_server.explaining import explain_word
from jianbao.language_server.ignoring import ignore_edit
from jianbao.language_server.places import (
    lines_of,
    to_column,
    to_diagnostic,
    to_range,
    to_text_edit,
    touch,
)
from jianbao.schema import configuration_schema, issue_schema
from jianbao.spans import Span
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.diagnostics import Diagnostic, Edit
    from jianbao.language_server.completion import Proposal
    from jianbao.language_server.issues import Found

#: Seconds without a keystroke after which a text is checked.
_QUIET = 0.3


class Server(LanguageServer):
    """Remembers what was found in each issue, and which issues are to be checked again."""

    def __init__(self) -> None:
        # Whole texts: pygls applies partial ones to lines that it parts at U+2028 too.
        sync = types.TextDocumentSyncKind.Full
        super().__init__("jianbao", __version__, text_document_sync_kind=sync)
        self._found: dict[Path, Found] = {}
        self._waiting: dict[Path, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()

    def texts(self) -> dict[Path, str]:
        """The open texts, by the file that each will be saved as."""
        return {_file(d.uri): d.source for d in self.workspace.text_documents.values()}

    def lines(self, uri: str) -> list[str]:
        """The open text."""
        return lines_of(self.workspace.get_text_document(uri).source)

    def column(self, uri: str, position: types.Position) -> int:
        """How many characters of its line stand before ``position``."""
        return to_column(position, self.lines(uri), self.workspace.position_codec)

    def check_soon(self, uri: str, delay: float = _QUIET) -> None:
        """Check the issues of a text, unless it is changed again before ``delay`` is over."""
        file, texts = _file(uri), self.texts()
        workspace = issues.workspace_of(file, texts)
        if workspace is None:
            return
        for folder in issues.folders_of(file, workspace, texts):
            if waiting := self._waiting.get(folder):
                waiting.cancel()
            self._waiting[folder] = asyncio.ensure_future(self._check(folder, delay))

    async def _check(self, folder: Path, delay: float) -> None:
        await asyncio.sleep(delay)
        async with self._one_at_a_time:
            workspace = issues.workspace_of(folder / "issue.toml", self.texts())
            if workspace is None:
                return
            today = date.today()  # noqa: DTZ011  (the editor's own day)
            found = await asyncio.to_thread(issues.check, workspace, folder, today)
        before = self._found.get(folder)
        self._found[folder] = found
        for file in {*found.diagnostics, *(before.diagnostics if before else ())}:
            self._publish(file)

    def _publish(self, file: Path) -> None:
        open_uris = {_file(uri): uri for uri in self.workspace.text_documents}
        uri = open_uris.get(file) or from_fs_path(str(file)) or ""
        diagnostics = [shown for _, shown in self.found_in(file)]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics)
        )

    def found_in(self, file: Path) -> Iterator[tuple[Diagnostic, types.Diagnostic]]:
        """What was found in ``file``, each once, also as the editor has it."""
        seen = set()
        for found in self._found.values():
            for diagnostic in found.diagnostics.get(file, ()):
                if diagnostic not in seen:
                    seen.add(diagnostic)
                    codec = self.workspace.position_codec
                    yield diagnostic, to_diagnostic(diagnostic, found.lines[file], codec)

    def known_in(self, folder: Path) -> Known:
        """The names to choose from in an issue; none before it was checked."""
        found = self._found.get(folder)
        return found.known if found else Known()

    def is_fresh(self, uri: str) -> bool:
        """Whether what was found was found in the text as it is now."""
        file, lines = _file(uri), self.lines(uri)
        known = [found.lines[file] for found in self._found.values() if file in found.lines]
        return all(lines == checked for checked in known)


def make_server() -> Server:
    """A server that answers what an editor asks."""
    server = Server()
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
        ),
    )(_code_actions)
    server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "[", ","])
    )(_completion)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    return server


def _opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    server.check_soon(params.text_document.uri, delay=0)


def _changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    server.check_soon(params.text_document.uri)


def _saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    server.check_soon(params.text_document.uri, delay=0)


def _closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    """What was not saved is given up: the file's text counts again."""
    server.check_soon(params.text_document.uri, delay=0)


def _code_actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    if not server.is_fresh(uri):
        return []
    found = list(server.found_in(_file(uri)))
    actions = [
        action
        for diagnostic, shown in found
        if touch(shown.range, params.range)
        for action in _quick_fixes(server, uri, diagnostic, shown)
    ]
    fixes = without_overlaps(d.fix for d, _ in found if d.fix)
    if fixes:
        kind = types.CodeActionKind.SourceFixAll
        edits = _text_edits(server, uri, *fixes)
        actions.append(types.CodeAction(f"改正能自动改正的 {len(fixes)} 处", kind, edit=edits))
    # CodeActionContext: what was not asked for is filtered out anyway; "source" asks for all below.
    wanted = tuple(params.context.only or ("",))
    return [action for action in actions if (action.kind or "").startswith(wanted)]


def _quick_fixes(
    server: Server, uri: str, diagnostic: Diagnostic, shown: types.Diagnostic
) -> Iterator[types.CodeAction]:
    kind = types.CodeActionKind.QuickFix
    if diagnostic.fix:
        title = f"改为“{diagnostic.fix.text}”" if diagnostic.fix.text else "删去"
        edit = _text_edits(server, uri, diagnostic.fix)
        yield types.CodeAction(title, kind, [shown], is_preferred=True, edit=edit)
    if diagnostic.code.may_be_ignored and uri.endswith(".md"):
        ignoring = ignore_edit(server.lines(uri), diagnostic.code)
        if ignoring:
            title = f"这条稿件不报 {diagnostic.code.slug}"
            edit = _text_edits(server, uri, ignoring)
            yield types.CodeAction(title, kind, [shown], edit=edit)


def _text_edits(server: Server, uri: str, *edits: Edit) -> types.WorkspaceEdit:
    lines, codec = server.lines(uri), server.workspace.position_codec
    return types.WorkspaceEdit({uri: [to_text_edit(edit, lines, codec) for edit in edits]})


def _completion(server: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    uri, position = params.text_document.uri, params.position
    column = server.column(uri, position)
    proposals = _proposals(server, uri, position.line, column)
    return [
        _completion_item(server, uri, position.line, column, proposal) for proposal in proposals
    ]


def _proposals(server: Server, uri: str, line: int, column: int) -> Iterator[Proposal]:
    file, lines = _file(uri), server.lines(uri)
    match file.name:
        case "issue.toml":
            return completion.complete_toml(lines, line, column, issue_schema())
        case name if name == CONFIGURATION:
            return completion.complete_toml(lines, line, column, configuration_schema())
    if file.suffix != ".md" or not (file.parent / "issue.toml").is_file():
        return iter(())
    return completion.complete_item(lines, line, column, server.known_in(file.parent))


def _completion_item(
    server: Server, uri: str, line: int, column: int, proposal: Proposal
) -> types.CompletionItem:
    span = Span.on_line(line + 1, column - proposal.typed + 1, proposal.typed)
    place = to_range(span, server.lines(uri), server.workspace.position_codec)
    about = types.MarkupContent(types.MarkupKind.Markdown, proposal.explanation)
    return types.CompletionItem(
        label=proposal.label,
        detail=proposal.detail,
        documentation=about if proposal.explanation else None,
        text_edit=types.TextEdit(place, proposal.text),
    )


def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    uri, position = params.text_document.uri, params.position
    here = types.Range(position, position)
    codes = dict.fromkeys(
        str(shown.code) for _, shown in server.found_in(_file(uri)) if touch(shown.range, here)
    )
    texts = [explain_in_markdown(CODES[code]) for code in codes]
    word = explain_word(server.lines(uri), position.line, server.column(uri, position))
    if word and uri.endswith(".md") and word not in texts:
        texts.append(word)
    if not texts:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n---\n\n".join(texts)))


def _file(uri: str) -> Path:
    """Where the text lies; a name without a folder for one that was never saved."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path).resolve() if path else Path(uri)
