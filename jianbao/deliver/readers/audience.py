"""Who an issue goes to: readers on lists, narrowed by tags and attributes, and who is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, literal, select

from jianbao.deliver.readers.subscribers import Standing
from jianbao.store.delivery import lists, readers, subscriptions, suppressions, tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

#: Domains that a survey names; the others are counted together.
_DOMAINS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """On any of ``lists`` (none: on any list), with all ``tags``, with these ``attributes``."""

    lists: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As a campaign keeps it."""
        return {
            "lists": list(self.lists),
            "tags": list(self.tags),
            "attributes": dict(self.attributes),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Audience:
        """What `as_json` kept."""
        return cls(
            lists=tuple(kept["lists"]), tags=tuple(kept["tags"]), attributes=kept["attributes"]
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """How many readers an audience has, and how many of those that it names are left out."""

    wanted: int
    suppressed: int
    unconfirmed: int
    unsubscribed: int
    domains: tuple[tuple[str, int], ...] = ()

    @property
    def named(self) -> int:
        """All that are on the lists, whatever their standing."""
        return self.wanted + self.suppressed + self.unconfirmed + self.unsubscribed


def takes(audience: Audience, reader: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the ``reader`` with this id is confirmed on one of the lists."""
    return _stands(audience, reader, Standing.CONFIRMED)


def is_suppressed(digest: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the reader with this digest is never written to."""
    return exists().where(suppressions.c.digest == digest)


def gets(audience: Audience) -> ColumnElement[bool]:
    """Whether a row of ``readers`` is written to."""
    return and_(
        _is_named(audience),
        takes(audience, readers.c.id),
        ~is_suppressed(readers.c.digest),
    )


def survey(connection: Connection, audience: Audience) -> Survey:
    """Count ``audience`` as it is now."""
    fate = case(
        (is_suppressed(readers.c.digest), "suppressed"),
        (takes(audience, readers.c.id), "wanted"),
        (_stands(audience, readers.c.id, Standing.PENDING), "unconfirmed"),
        else_="unsubscribed",
    )
    named = select(fate.label("fate"), readers.c.domain).where(_is_named(audience)).subquery()
    counts = dict.fromkeys(("wanted", "suppressed", "unconfirmed", "unsubscribed"), 0)
    domains: dict[str, int] = {}
    query = select(named.c.fate, named.c.domain, func.count()).group_by(
        named.c.fate, named.c.domain
    )
    for what, domain, many in connection.execute(query):
        counts[what] += many
        if what == "wanted":
            domains[domain] = many
    return Survey(**counts, domains=_largest(domains))


def _largest(domains: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    ordered = sorted(domains.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(many for _, many in ordered[_DOMAINS:])
    return (*ordered[:_DOMAINS], *((("其他", rest),) if rest else ()))


def _is_named(audience: Audience) -> ColumnElement[bool]:
    conditions = [readers.c.erased.is_(None), _stands(audience, readers.c.id)]
    conditions.extend(
        exists().where(tags.c.reader == readers.c.id, tags.c.tag == tag) for tag in audience.tags
    )
    conditions.extend(
        readers.c.attributes[name].as_string() == literal(value)
        for name, value in audience.attributes.items()
    )
    return and_(*conditions)


def _stands(
    audience: Audience, reader: ColumnElement[int], state: Standing | None = None
) -> ColumnElement[bool]:
    """Whether there is a subscription to one of the lists, in ``state`` if it is given."""
    found = exists().where(subscriptions.c.reader == reader)
    if state is not None:
        found = found.where(subscriptions.c.state == state)
    if audience.lists:
        named = select(lists.c.id).where(lists.c.name.in_(audience.lists))
        found = found.where(subscriptions.c.list.in_(named))
    return found
