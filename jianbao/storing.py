"""Opens the store that a workspace names in jianbao.toml."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.settings import PASSWORD_VARIABLE
from jianbao.store.engine import open_store, store_url

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from jianbao.settings import StoreSettings
    from jianbao.workspace import Workspace


def open_workspace_store(workspace: Workspace, settings: StoreSettings) -> Engine:
    """The store of ``workspace``, with its tables.

    Raises:
        UsageProblem: The address is none, or the file of the password cannot be read.
        MachineProblem: The database cannot be used.
    """
    password = os.environ.get(PASSWORD_VARIABLE) or _password(workspace.root, settings)
    return open_store(store_url(settings.url, workspace.root, password))


def open_existing_store(workspace: Workspace, settings: StoreSettings) -> Engine | None:
    """As `open_workspace_store`, for those who only look: None where there is no file yet."""
    url = store_url(settings.url, workspace.root, "")
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    return open_workspace_store(workspace, settings)


def _password(root: Path, settings: StoreSettings) -> str:
    if not settings.password_file:
        return ""
    file = root / settings.password_file
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"读不出数据库的密码文件 {settings.password_file}"
        raise UsageProblem(message, f"检查这个文件，或用环境变量 {PASSWORD_VARIABLE}") from error
