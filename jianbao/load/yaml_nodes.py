"""YAML to nodes, with the events that they are made of.

A reader of our own, of ruamel.yaml's parts: its ``YAML`` looks for plug-ins in the file
system at each text, and makes out numbers and dates, which are all text to an editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruamel.yaml.composer import Composer
from ruamel.yaml.docinfo import DocInfo
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.resolver import BaseResolver
from ruamel.yaml.scanner import Scanner, ScannerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.events import Event
    from ruamel.yaml.nodes import Node
    from ruamel.yaml.tokens import Token

#: How deep lists may lie in each other: ours lie in one. The time that ruamel.yaml takes
#: grows with the square of the depth, and its stack with the depth.
DEEPEST = 20
TOO_DEEP = "maximum depth"


class _NodeReader(Reader, Scanner, Parser, Composer, BaseResolver):
    """Put together as ruamel.yaml's own loaders are, without a constructor of values."""

    comment_handling = None
    max_depth = DEEPEST
    processing_version = 1, 2

    def __init__(self, source: str) -> None:
        self.events: list[Event] = []
        self.tags: dict[str, str] = {}
        self.doc_infos = [DocInfo()]
        Reader.__init__(self, source, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)
        Composer.__init__(self, loader=self)
        BaseResolver.__init__(self, self)

    def get_event(self) -> Event:
        """The next event."""
        event: Event = super().get_event()
        self.events.append(event)
        return event

    def check_printable(self, data: str) -> None:
        """Nothing: `read_text` let through what is printable, and tells where the rest stands."""

    def fetch_flow_collection_start(self, token: type[Token], to_push: str) -> None:
        """Take a bracket, unless `DEEPEST` are open: scanning runs ahead of `max_depth`."""
        if self.flow_level > DEEPEST:
            raise ScannerError(None, None, TOO_DEEP, self.get_mark())
        super().fetch_flow_collection_start(token, to_push)


def read_nodes(source: str) -> tuple[Node | None, list[Event]]:
    """The node of ``source``, None where nothing is written, and its events.

    Raises:
        YAMLError: ``source`` is no YAML.
        ValueError: An escape in it stands for no character.
    """
    reader = _NodeReader(source)
    node: Node | None = reader.get_single_node()
    return node, reader.events


def read_tokens(source: str) -> Iterator[Token]:
    """The tokens of ``source``; raises as `read_nodes` where reading stops."""
    reader = _NodeReader(source)
    while reader.check_token():
        yield reader.get_token()
