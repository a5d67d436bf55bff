"""``[store]`` and ``[gather]`` of jianbao.toml. Frozen, no I/O."""

from __future__ import annotations

from jianbao.frozen import dataclass

#: Databases that may be the store.
STORE_SCHEMES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where candidates and deliveries are kept.

    A file of SQLite is relative to the workspace. The password of PostgreSQL stands in
    ``password_file``, relative to the workspace too, or in `PASSWORD_VARIABLE`. With ``jobs``
    workers send what ``jianbao send`` is told to.
    """

    url: str = "sqlite:///.jianbao/store.db"
    password_file: str = ""
    jobs: bool = False


#: The environment's variable with the password of the store; it goes before the file.
PASSWORD_VARIABLE = "JIANBAO_STORE_PASSWORD"  # noqa: S105  (a name, no password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a section is about: words of titles."""

    section: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherSettings:
    """What the publication looks for: ``words`` of titles, and of which section some are.

    ``private_hosts``, in lower case, may be fetched from though they lead inside.
    """

    words: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    private_hosts: tuple[str, ...] = ()
