"""The rate buckets in the store: all senders of the account draw on the same ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from jianbao.deliver.campaigns.rates import Bucket, full
from jianbao.store.delivery import buckets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

#: The bucket of the account itself; the others are called after their domain.
ACCOUNT = "*"
#: More than anybody asks for.
_ANY = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a minute: of the account (0: no limit), and to some domains."""

    account: int = 0
    domains: Mapping[str, int] = field(default_factory=dict)


class Buckets:
    """Those that bear on a turn, held until the transaction of ``connection`` ends.

    ``rests`` are domains that are to be left alone from now on, and until when.
    """

    def __init__(
        self,
        connection: Connection,
        limits: Limits,
        rests: Mapping[str, datetime],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._now = now
        rates = dict(limits.domains)
        if limits.account:
            rates[ACCOUNT] = limits.account
        names = (*rates, *rests)
        kept = connection.execute(
            select(buckets)
            .where(or_(buckets.c.name.in_(names), buckets.c.paused_until > now))
            .order_by(buckets.c.name)  # two senders take them in the same order
            .with_for_update()
        )
        self._all = {row.name: Bucket(row.tokens, row.at, row.paused_until) for row in kept}
        for name, rate in rates.items():
            self._all[name] = self._all.get(name, full(rate, now)).filled(rate, now)
        for name, until in rests.items():
            bucket = self._all.get(name, Bucket(0, now))
            self._all[name] = replace(bucket, paused_until=until)
        self._written = frozenset(names)
        self._rates = rates

    def allowed(self, name: str) -> int:
        """Messages that may go out now."""
        bucket = self._all.get(name)
        if bucket is None:
            return _ANY
        if name in self._rates:
            return bucket.allows(self._now)
        return 0 if bucket.paused_until is not None and self._now < bucket.paused_until else _ANY

    def limited(self) -> dict[str, int]:
        """Domains that have a rate or are left alone for a while, and their room."""
        return {name: self.allowed(name) for name in self._all if name != ACCOUNT}

    def close(self, domains: Sequence[str]) -> None:
        """Take a token for each message to ``domains``, and keep the buckets."""
        for name in sorted(self._written):
            bucket = self._all[name]
            if name in self._rates:
                bucket = bucket.without(
                    len(domains) if name == ACCOUNT else sum(one == name for one in domains)
                )
            self._write(name, bucket)

    def _write(self, name: str, bucket: Bucket) -> None:
        values: dict[str, Any] = {
            "tokens": bucket.tokens,
            "at": bucket.at,
            "paused_until": bucket.paused_until,
        }
        is_server = self._connection.dialect.name == "postgresql"
        insert: Any = postgresql.insert if is_server else sqlite.insert
        self._connection.execute(
            insert(buckets)
            .values(name=name, **values)
            .on_conflict_do_update(index_elements=[buckets.c.name], set_=values)
        )
