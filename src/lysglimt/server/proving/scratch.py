"""A copy of the clinic's database, to try things on; it is gone afterwards."""

import json
import os
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.server.backup.engines import Engine, Sqlite, engine

METRICS_TOKEN = "scratch"  # noqa: S105 - of a server that lives for a minute


class NotTried(ClinicalError):
    """The promise could not be tried, which says nothing about whether it holds."""

    code = "proof.not_tried"


@dataclass(frozen=True, slots=True)
class Scratch:
    """``environment`` is that of a process which knows this copy and no other database."""

    folder: Path
    database: Engine
    environment: Mapping[str, str]

    def ask(self, module: str, said: object = None) -> Any:
        """Run a module of this folder on the copy: JSON goes in, JSON comes out."""
        done = subprocess.run(  # noqa: S603 - this Python, on a module of ours
            [sys.executable, "-m", "lysglimt.server.started", f"{__package__}.{module}"],
            cwd=self.folder,
            env=dict(self.environment),
            input=json.dumps(said),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise NotTried(f"{module} ended with {done.returncode}: {last}")
        return json.loads(done.stdout)


@contextmanager
def copied() -> Iterator[Scratch]:
    """The clinic as it is now, on the same kind of database and the same disk."""
    source = engine()
    where = source.file.resolve().parent if isinstance(source, Sqlite) else None
    with tempfile.TemporaryDirectory(prefix=".lysglimt-scratch-", dir=where) as place:
        folder = Path(place)
        with source.scratch(folder) as database:
            dump = folder / "dump"
            source.dump(dump)
            database.load(dump, replace=False)
            dump.unlink()
            yield Scratch(folder, database, environment(folder, database))


def environment(folder: Path, database: Engine) -> dict[str, str]:
    keys = {name: b64encode(key).decode() for name, key in settings.ENCRYPTION_KEYS.items()}
    said = {
        "SECRET_KEY": settings.SECRET_KEY,
        "ENCRYPTION_KEYS": json.dumps(keys),
        "INDEX_KEY": b64encode(settings.INDEX_KEY).decode(),
        "DATABASE": database.address,
        "HOSTS": '["127.0.0.1"]',
        "HTTPS": "false",
        "IDENTITY_NUMBERS": "synthetic",
        "STATIC_FILES": str(folder / "static-files"),
        "BACKUPS": str(folder / "backups"),
        "METRICS_TOKEN": METRICS_TOKEN,
    }
    without = {
        n: v for n, v in os.environ.items() if not n.startswith(("LYSGLIMT_", "DJANGO_"))
    }
    return without | {f"LYSGLIMT_{name}": value for name, value in said.items()}
