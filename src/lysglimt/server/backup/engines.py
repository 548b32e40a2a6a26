"""Copying a whole database out and in: SQLite by its online backup, PostgreSQL by its own tools."""

import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
from django.db import connections
from psycopg import sql

from lysglimt.knowledge.errors import ClinicalError

from .inventory import Inventory, inventory

Address = dict[str, Any]
"""Where a database is: NAME, and of PostgreSQL also HOST, PORT, USER and PASSWORD."""


EVERYTHING = "-c lysglimt.reach=all"
"""As a connection's options: row security binds the owner of the tables, too."""
WHOLE = ("--no-owner", "--no-privileges", "--enable-row-security")
"""Without the last, pg_dump would not read a table that has a policy. Rights are given anew."""
CONNECTED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""
"""What PostgreSQL does by itself there is nobody's. Anybody may count the others."""


JOURNALS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file, while it is open or damaged."""


class NotPossible(ClinicalError):
    """The database's tools are missing or refuse."""

    code = "backup.not_possible"


class NotEmpty(ClinicalError):
    """There is something where the backup should go."""

    code = "backup.not_empty"


class Sqlite:
    vendor = "sqlite"

    def __init__(self, address: Address) -> None:
        self.file = Path(str(address["NAME"]))

    @property
    def address(self) -> str:
        return f"sqlite:///{self.file.resolve()}"

    @property
    def workplace(self) -> Path:
        """Beside the database, which is as plain as what lies there for a while."""
        return self.file.resolve().parent

    def dump(self, to: Path) -> Inventory:
        """A copy as of one moment, while others write; the list is of that copy."""
        with closing(opened(self.file)) as source, closing(opened(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            return inventory(copy, self.vendor)

    def inventory(self) -> Inventory:
        with closing(opened(self.file)) as database:
            return inventory(database, self.vendor)

    def empty(self) -> bool:
        """One that cannot be read is not: it was somebody's."""
        if not self.file.exists():
            return True
        with closing(opened(self.file)) as database:
            try:
                return not inventory(database, self.vendor)
            except database.DatabaseError:
                return False

    def load(self, dump: Path, *, replace: bool) -> None:
        """In one step: there is the old file, or the new one. The old one is kept beside it."""
        used = not self.empty()
        if used and not replace:
            raise NotEmpty(f"{self.file} is in use. Restore elsewhere, or say --replace.")
        arriving = self.file.with_name(f"{self.file.name}.arriving")
        try:
            stored(dump, arriving)
            if used:
                self.settle()
                kept(self.file)
            for left in JOURNALS:
                Path(f"{self.file}{left}").unlink(missing_ok=True)
            arriving.replace(self.file)
        finally:
            arriving.unlink(missing_ok=True)
        flushed(self.file.parent)

    def settle(self) -> None:
        """What is stored in the journal alone goes into the file, and nobody else has it open.

        A server that sits idle would go on writing into the file that was replaced. To leave the
        WAL, SQLite wants the file for itself; in the other mode it notices who reads or writes.
        """
        with closing(opened(self.file)) as database:
            try:
                database.execute("PRAGMA journal_mode=DELETE")
                database.execute("BEGIN EXCLUSIVE")
            except database.OperationalError as fault:
                raise NotPossible(
                    f"{self.file} is open ({fault}): end `lysglimt serve`."
                ) from None
            except database.DatabaseError:
                return  # damaged: that is why it is replaced, and it is put aside as it is

    def everything(self) -> Iterator[bytes]:
        """All bytes that are stored, journals too."""
        for part in ("", "-wal", "-journal"):
            if (file := Path(f"{self.file}{part}")).exists():
                yield file.read_bytes()

    @contextmanager
    def scratch(self, folder: Path) -> Iterator["Sqlite"]:
        """An empty database that is gone afterwards."""
        yield Sqlite({"NAME": folder / "scratch.sqlite3"})


class Postgresql:
    vendor = "postgresql"

    def __init__(self, address: Address) -> None:
        self.at = address

    @property
    def address(self) -> str:
        said = {key: self.at.get(key) or "" for key in ("HOST", "PORT", "USER", "PASSWORD")}
        place = {key: quoted(str(value)) for key, value in said.items()}
        port = f":{place['PORT']}" if place["PORT"] else ""
        who = place["USER"] + (f":{place['PASSWORD']}" if place["PASSWORD"] else "")
        return f"postgresql://{who}@{place['HOST']}{port}/{quoted(str(self.at['NAME']))}"

    @property
    def workplace(self) -> Path:
        """TMPDIR says where: this machine may have no other place for what is plain."""
        return Path(tempfile.gettempdir())

    def dump(self, to: Path) -> Inventory:
        """The list and the dump see the same moment: they share a snapshot."""
        with closing(self.connected()) as database:
            database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            [(snapshot,)] = database.execute("SELECT pg_export_snapshot()").fetchall()
            found = inventory(database, self.vendor)
            how = ["--format=custom", *WHOLE, f"--snapshot={snapshot}", f"--file={to}"]
            self.run("pg_dump", *how, str(self.at["NAME"]))
            return found

    def inventory(self) -> Inventory:
        with closing(self.connected()) as database:
            return inventory(database, self.vendor)

    def empty(self) -> bool:
        return not self.inventory()

    def load(self, dump: Path, *, replace: bool) -> None:
        """All of it in one transaction, or nothing."""
        used = not self.empty()
        if used and not replace:
            raise NotEmpty(
                f"{self.at['NAME']} has tables. Restore elsewhere, or say --replace."
            )
        if used:
            self.refuse_connected()
        how = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        how += ["--clean", "--if-exists"] if replace else []
        self.run("pg_restore", *how, f"--dbname={self.at['NAME']}", str(dump))

    def refuse_connected(self) -> None:
        """A server that stays up would seal with a data key that the restored clinic lacks."""
        with closing(self.connected()) as database:
            [(others,)] = database.execute(CONNECTED).fetchall()
        if others:
            raise NotPossible(
                f"Others are connected to {self.at['NAME']} (connections: {others}): "
                "end `lysglimt serve`."
            )

    def everything(self) -> Iterator[bytes]:
        """As a plain dump has it."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "plain"
            self.run("pg_dump", *WHOLE, f"--file={file}", str(self.at["NAME"]))
            yield file.read_bytes()

    @contextmanager
    def scratch(self, _: Path) -> Iterator["Postgresql"]:
        """An empty database beside this one, dropped afterwards. SQLite needs a folder for it."""
        name = f"lysglimt_scratch_{uuid4().hex[:12]}"
        with closing(self.connected()) as database:
            database.autocommit = True
            try:
                database.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege:
                raise NotPossible(
                    f"{self.at['USER']} may not make a scratch database: ALTER ROLE … CREATEDB."
                ) from None
            try:
                yield Postgresql(self.at | {"NAME": name})
            finally:
                gone = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                database.execute(gone)

    def connected(self) -> Any:
        keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        told = {name: self.at[key] for key, name in keys.items() if self.at.get(key)}
        return psycopg.connect(
            dbname=str(self.at["NAME"]), autocommit=True, options=EVERYTHING, **told
        )

    def run(self, tool: str, *words: str) -> None:
        path = shutil.which(tool)
        if path is None:
            raise NotPossible(f"{tool} is not on the path: install postgresql-client.")
        told = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        environment = {
            name: str(self.at[key]) for name, key in told.items() if self.at.get(key)
        }
        done = subprocess.run(  # noqa: S603 - no shell; pg_dump or pg_restore by its full path, its words from this module and the configuration
            [path, *words],
            env=os.environ | environment | {"PGOPTIONS": EVERYTHING},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            # Its messages may quote a row: only the first line, which names the fault.
            first = (done.stderr.strip() or "no reason given").splitlines()[0]
            raise NotPossible(f"{tool}: {first}")


Engine = Sqlite | Postgresql


def engine(alias: str = "default") -> Engine:
    """Of the clinic's database."""
    database = connections[alias]
    kind = Postgresql if database.vendor == "postgresql" else Sqlite
    return kind(dict(database.settings_dict))


def opened(file: Path) -> Any:
    """By the same SQLite that the clinic uses."""
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = importlib.import_module("sqlite3")
    return module.connect(str(file))


def stored(file: Path, to: Path) -> None:
    """A copy that a power cut does not take back."""
    shutil.copyfile(file, to)
    flushed(to)


def kept(file: Path) -> None:
    """Under a second name, without the first being gone for a moment; with a journal that is left."""
    name = beside(file)
    for part in ("", *JOURNALS):
        old, new = Path(f"{file}{part}"), Path(f"{name}{part}")
        if old.exists():
            try:
                new.hardlink_to(old)
            except OSError:  # a file system without hard links
                stored(old, new)


def flushed(place: Path) -> None:
    """The file or the folder is on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.before-{uuid4().hex[:8]}")


def quoted(value: str) -> str:
    return quote(value, safe="")
