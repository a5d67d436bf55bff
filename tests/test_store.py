"""The store: opened, migrated and explained, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from jianbao.errors import MachineProblem, UsageProblem
from jianbao.store import delivery, gathering, migrating
from jianbao.store.engine import open_store, reading, store_url, writing
from jianbao.store.tables import Moment

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

SECRET = "hunter2"  # noqa: S105  (no secret at all)
ACT = {"at": datetime(2025, 2, 10, tzinfo=UTC), "by": "编辑", "verb": "take"}


def count_acts(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(gathering.acts)).all())


def test_the_migrations_make_the_tables_that_the_code_knows(store: Engine) -> None:
    with reading(store) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert delivery.METADATA is gathering.METADATA  # of all stages that have tables
        assert compare_metadata(context, gathering.METADATA) == []


def test_opening_again_changes_nothing(store: Engine) -> None:
    with writing(store) as connection:
        connection.execute(insert(gathering.acts).values(ACT))

    again = open_store(store.url)

    assert count_acts(again) == 1
    again.dispose()


def test_processes_that_open_a_new_database_at_once_make_it_once(store_address: URL) -> None:
    problems: list[BaseException] = []

    def open_it() -> None:
        try:
            open_store(store_address).dispose()
        except BaseException as error:  # noqa: BLE001  (a thread's own would be lost)
            problems.append(error)

    threads = [Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []


def test_what_fails_within_a_transaction_leaves_nothing(store: Engine) -> None:
    def fail() -> None:
        with writing(store) as connection:
            connection.execute(insert(gathering.acts).values(ACT))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()

    assert count_acts(store) == 0


def test_a_decision_about_nothing_is_refused(store: Engine) -> None:
    fields = [c.name for c in gathering.decisions.columns if c.name not in {"act", "number"}]
    values = {"act": 1, "number": 1, **dict.fromkeys(fields, "")}

    with pytest.raises(IntegrityError), writing(store) as connection:
        connection.execute(insert(gathering.decisions).values(values))


def test_a_moment_comes_back_as_the_same_moment(store: Engine) -> None:
    there = datetime(2025, 2, 10, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with writing(store) as connection:
        connection.execute(insert(gathering.acts).values({**ACT, "at": there}))

    with reading(store) as connection:
        assert connection.scalar(select(gathering.acts.c.at)) == there


def test_a_time_without_its_zone_is_refused(store: Engine) -> None:
    naive = datetime(2025, 2, 10)  # noqa: DTZ001  (what is refused)

    with pytest.raises(StatementError), writing(store) as connection:
        connection.execute(insert(gathering.acts).values({**ACT, "at": naive}))


def test_a_database_of_a_newer_version_is_left_alone(store: Engine) -> None:
    with writing(store) as connection:
        connection.execute(text("update alembic_version set version_num = '9999_later'"))

    with pytest.raises(MachineProblem) as told:
        open_store(store.url)

    newest = migrating.revisions()[-1]
    message = f"数据库是更新的 jianbao 建的（9999_later），这一版只认得到 {newest}"
    assert told.value.message == message
    assert told.value.hint == "升级 jianbao：pip install --upgrade jianbao"


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A later version of the program: its migrations, with one more that a test writes."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    own = Path(migrating.__file__).parent / "migrations"
    for file in ("env.py", *(f"versions/{name}.py" for name in migrating.revisions())):
        (folder / file).write_text((own / file).read_text("utf-8"), "utf-8")
    monkeypatch.setattr(migrating, "_MIGRATIONS", folder)
    return folder / "versions" / "9000_more.py"


def migration(*statements: str) -> str:
    lines = [f'revision = "9000_more"\ndown_revision = "{migrating.revisions()[-1]}"']
    lines += ["from alembic import op", "def upgrade():"]
    lines += [f"    op.execute({statement!r})" for statement in statements]
    return "\n".join(lines)


def test_an_older_database_is_brought_up_and_keeps_what_it_has(
    store: Engine, next_version: Path
) -> None:
    with writing(store) as connection:
        connection.execute(insert(gathering.acts).values(ACT))
    next_version.write_text(migration("create table more (name text)"), "utf-8")

    later = open_store(store.url)

    assert inspect(later).has_table("more")
    assert count_acts(later) == 1
    later.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    store: Engine, next_version: Path
) -> None:
    next_version.write_text(
        migration("create table more (name text)", "drop table acts_that_never_were"), "utf-8"
    )

    with pytest.raises(Exception, match="acts_that_never_were"):
        open_store(store.url)

    assert not inspect(store).has_table("more")
    with reading(store) as connection:
        found = connection.scalar(text("select version_num from alembic_version"))
    assert found == migrating.revisions()[-2]


def test_a_copy_of_the_file_is_kept_before_a_migration(tmp_path: Path, next_version: Path) -> None:
    before = migrating.revisions()[-1]
    url = store_url("sqlite:///库.db", tmp_path)
    engine = open_store(url)
    with writing(engine) as connection:
        connection.execute(insert(gathering.acts).values(ACT))
    next_version.write_text(migration("drop table decisions", "drop table acts"), "utf-8")

    open_store(url).dispose()

    copy = store_url(f"sqlite:///库.db.before-9000_more-was-{before}", tmp_path)
    with sqlite3.connect(str(copy.database)) as connection:
        assert connection.execute("select verb from acts").fetchall() == [("take",)]
    engine.dispose()


def test_a_new_file_is_made_with_its_folder_and_no_copy(tmp_path: Path) -> None:
    open_store(store_url("sqlite:///.jianbao/store.db", tmp_path)).dispose()

    assert [file.name for file in (tmp_path / ".jianbao").iterdir()] == ["store.db"]


def test_what_is_kept_outlives_a_power_failure_and_readers_do_not_wait(tmp_path: Path) -> None:
    engine = open_store(store_url("sqlite:///store.db", tmp_path))
    names = ("journal_mode", "synchronous", "foreign_keys")

    with reading(engine) as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert said == ["wal", 2, 1]
    with writing(engine), reading(engine) as connection:
        assert connection.execute(select(gathering.acts)).all() == []
    engine.dispose()


def damaged(file: Path) -> None:
    open_store(store_url("sqlite:///store.db", file.parent)).dispose()
    content = bytearray(file.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)  # behind the header
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda file: file.write_text("不是数据库" * 400, "utf-8"), "不是数据库文件"),
        (damaged, "已经损坏"),
        (Path.mkdir, "打不开"),
    ],
    ids=["no database", "damaged", "a folder"],
)
def test_a_file_that_cannot_be_used_says_why(spoil: object, what: str, tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    assert callable(spoil)
    spoil(file)

    with pytest.raises(MachineProblem) as told:
        open_store(store_url("sqlite:///store.db", tmp_path))

    assert told.value.message == f"数据库 {file} {what}"


def test_a_disk_that_is_full_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    engine = open_store(store_url("sqlite:///store.db", tmp_path))
    with writing(engine) as connection:
        connection.execute(insert(gathering.acts).values(ACT))

    def fill() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # never below what there is
            rows = [{**ACT, "verb": "满" * 4000}] * 100
            connection.execute(insert(gathering.acts), rows)

    with pytest.raises(MachineProblem, match="磁盘已满"):
        fill()

    assert count_acts(engine) == 1
    engine.dispose()


def test_a_database_that_another_program_holds_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jianbao.store.engine._PATIENCE", 0.1)
    engine = open_store(store_url("sqlite:///store.db", tmp_path))

    with writing(engine), pytest.raises(MachineProblem) as told, writing(engine):
        pass

    assert told.value.message == f"数据库 {tmp_path}/store.db 正被另一个程序占用，等了很久"
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"database": "nowhere"}, "不存在"),
        ({"username": "nobody-here"}, "不存在"),
        ({"query": {"host": "/nowhere"}}, "连不上"),
    ],
    ids=["no database", "no user", "no server"],
)
def test_a_server_that_cannot_be_used_says_why(
    change: dict[str, object], what: str, postgres_server: URL
) -> None:
    url = postgres_server.set(password=SECRET, **change)  # type: ignore[arg-type]  # by the names of the parts

    with pytest.raises(MachineProblem) as told:
        open_store(url)

    assert what in told.value.message
    assert SECRET not in f"{told.value.message}{told.value.hint}"


@pytest.mark.parametrize("address", ["", "mysql://a/b", "sqlite://", "不是"])
def test_an_address_that_is_none_is_a_usage_problem(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        store_url(address, tmp_path)


def test_the_address_of_a_server_takes_the_password_from_elsewhere(tmp_path: Path) -> None:
    url = store_url("postgresql://jianbao@db/jianbao", tmp_path, SECRET)

    assert (url.password, SECRET in str(url)) == (SECRET, False)


def test_every_constraint_has_a_name() -> None:
    metadata = MetaData(naming_convention=gathering.METADATA.naming_convention)
    table = Table("one", metadata, Column("when", Moment, primary_key=True))

    assert table.primary_key.name == "pk_one"
    for own in gathering.METADATA.tables.values():
        assert all(one.name for one in (*own.constraints, *own.indexes))
