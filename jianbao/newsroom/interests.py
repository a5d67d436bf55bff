"""What a publication looks for: put together from jianbao.toml and sources/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.voice import home_places
from jianbao.gather.choosing.proposal import Interests
from jianbao.load.sources import read_sources

if TYPE_CHECKING:
    from jianbao.load import Configuration
    from jianbao.workspace import Workspace


def interests_of(workspace: Workspace, configuration: Configuration) -> Interests:
    """What the publication of ``workspace`` looks for, and from whom."""
    publication = configuration.publication
    sources, _ = read_sources(workspace, publication.sections if publication else ())
    return Interests(
        sources=sources,
        words=configuration.gather.words,
        topics=configuration.gather.topics,
        home=home_places(configuration.check, configuration.masthead),
        window=configuration.check.window_days,
    )
