"""Tables of delivery: readers, who may not be written to, campaigns, and what was sent to whom."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from jianbao.store.tables import METADATA, Moment

#: A person. ``address`` as it is written to, ``key`` as it is known by; both are gone where
#: the reader asked to be forgotten, and ``digest``, which nobody can turn back, is left.
readers = Table(
    "readers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("address", Text),
    Column("domain", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("digest", Text, nullable=False),
    Column("added", Moment, nullable=False),
    Column("erased", Moment),
    UniqueConstraint("key"),
    UniqueConstraint("digest"),
    sqlite_autoincrement=True,  # marks and links are made of the number: it is never given again
)

#: ``opt_in``: who was entered here is written to only after confirming it.
lists = Table(
    "lists",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("opt_in", Boolean, nullable=False),
    UniqueConstraint("name"),
)

#: ``state`` is a `deliver.subscribers.Standing`.
subscriptions = Table(
    "subscriptions",
    METADATA,
    Column("reader", Integer, ForeignKey("readers.id"), primary_key=True),
    Column("list", Integer, ForeignKey("lists.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("changed", Moment, nullable=False),
    Index(None, "list", "state"),
)

tags = Table(
    "tags",
    METADATA,
    Column("reader", Integer, ForeignKey("readers.id"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Index(None, "tag"),
)

#: ``given`` is when, as it was written; ``recorded`` is when it came here.
consents = Table(
    "consents",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reader", Integer, ForeignKey("readers.id"), nullable=False),
    Column("given", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("recorded", Moment, nullable=False),
    Index(None, "reader"),
)

#: Who is never written to, by ``readers.digest``, whether or not there is such a reader.
suppressions = Table(
    "suppressions",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("address", Text),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

imports = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("undone", Moment),
    sqlite_autoincrement=True,
)

#: What an import changed: the reader as it was ``before``, null where it was not there.
import_changes = Table(
    "import_changes",
    METADATA,
    Column("import", Integer, ForeignKey("imports.id"), primary_key=True),
    Column("reader", Integer, primary_key=True),
    Column("before", JSON(none_as_null=True)),
)

#: Who did what with addresses: imports, exports, erasures, campaigns.
delivery_acts = Table(
    "delivery_acts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)

#: The sending of one issue. ``content`` is the SHA-256 of the PDF that it sends. ``queued``:
#: workers send it.
campaigns = Table(
    "campaigns",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("issue", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("frozen", Integer, nullable=False),
    Column("started", Moment, nullable=False),
    Column("not_before", Moment),
    Column("watched_from", Moment, nullable=False),
    Column("queued", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("issue"),
    sqlite_autoincrement=True,
)

#: A process that sends. ``until`` is how long its claims hold without another sign of life;
#: ``born`` tells it from another with the same number.
senders = Table(
    "senders",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("campaign", Integer, ForeignKey("campaigns.id"), nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("until", Moment, nullable=False),
    Column("born", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

#: One row for each reader of a campaign, made when the audience is frozen, never removed.
#: ``due`` is when it may be tried; ``changed`` is when ``state`` was entered.
deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("campaign", Integer, ForeignKey("campaigns.id"), nullable=False),
    Column("reader", Integer, ForeignKey("readers.id"), nullable=False),
    Column("domain", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due", Moment),
    Column("sender", Integer, ForeignKey("senders.id")),
    Column("message_id", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("queue_id", Text, nullable=False),
    Column("changed", Moment, nullable=False),
    UniqueConstraint("campaign", "reader"),
    Index(None, "campaign", "state", "id"),
    Index(None, "reader"),
)

#: What may be sent now, of the account or to a domain.
buckets = Table(
    "buckets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", Moment, nullable=False),
    Column("paused_until", Moment),
)

#: Mail that came back or was answered, by the ``digest`` of the message, each once. ``reader``
#: is null where nobody here has the address. ``forgiven`` ones do not count any more.
bounces = Table(
    "bounces",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("reader", Integer, ForeignKey("readers.id")),
    Column("delivery", Integer, ForeignKey("deliveries.id")),
    Column("forgiven", Moment),
    UniqueConstraint("digest", "reader"),
    Index(None, "reader"),
)

#: Letters that ask a reader to confirm, each entered before it is sent; ``reply`` is "" while
#: nobody knows what the server said.
asks = Table(
    "asks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reader", Integer, ForeignKey("readers.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reply", Text, nullable=False),
    Index(None, "reader"),
)
