"""The post room of a workspace: its store, its keys, and what jianbao.toml says of delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.deliver.keys import open_keyring
from jianbao.diagnostics import has_errors
from jianbao.load import load_publication
from jianbao.storing import open_workspace_store

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from jianbao.deliver.keys import Keyring
    from jianbao.delivery import DeliverySettings
    from jianbao.diagnostics import Diagnostic
    from jianbao.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PostRoom:
    """What delivery works with; ``publication`` is its name, ``jobs``: workers are to send."""

    workspace: Workspace
    publication: str
    settings: DeliverySettings
    engine: Engine
    keys: Keyring
    jobs: bool = False


def open_post_room(workspace: Workspace) -> PostRoom | tuple[Diagnostic, ...]:
    """The post room of ``workspace``, or what is wrong in jianbao.toml.

    Raises:
        UsageProblem: The keys or the address of the store cannot be used.
        MachineProblem: The database cannot be used.
    """
    configuration = load_publication(workspace)
    publication = configuration.publication
    if publication is None or has_errors(configuration.problems):
        return configuration.problems
    settings = configuration.delivery
    return PostRoom(
        workspace=workspace,
        publication=publication.name,
        settings=settings,
        engine=open_workspace_store(workspace, configuration.store),
        keys=open_keyring(workspace.root / settings.key_file),
        jobs=configuration.store.jobs,
    )
