"""A backup is only a backup when it has been restored: so it is, beside the clinic."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from lysglimt.server.backup import keeping
from lysglimt.server.backup.engines import Engine, engine

from .figures import Figure, Proved
from .scratch import environment


def drilled(file: Path | None = None) -> Proved:
    """Of the file, else of the newest backup, else of one made now."""
    place = keeping.folder()
    with tempfile.TemporaryDirectory(prefix="lysglimt-drill-") as folder:
        taken = file or next(iter(keeping.backups(place)), None)
        if taken is None:
            taken = keeping.of_this_clinic(Path(folder))
        age = timezone.now().timestamp() - taken.stat().st_mtime
        with engine().scratch(Path(folder)) as scratch:
            began = time.monotonic()
            found = keeping.restore(taken, scratch)
            looked = looked_over(scratch, Path(folder))
            seconds = time.monotonic() - began
    figures: dict[str, Figure] = {
        "backup": taken.name,
        "minutes since it was made (RPO)": round(age / 60, 1),
        "tables": len(found.label.tables),
        "rows": found.label.rows,
        "tables that differ": len(found.missing),
        "patients opened": looked["opened"],
        "patients that do not open": looked["shut"],
        "seconds until it could be used (RTO)": round(seconds, 1),
    }
    return Proved(promise="restore", figures=figures, faults=(*found.missing, *faults(looked)))


def faults(looked: Mapping[str, Any]) -> list[str]:
    found = [f"rows can be changed in {table}" for table in looked["unguarded"]]
    if looked["shut"]:
        found.append(f"{looked['shut']} patients do not open with the keys at hand")
    return found


def looked_over(database: Engine, folder: Path) -> dict[str, Any]:
    """As the product sees it, in a process that knows no other database."""
    done = subprocess.run(
        [sys.executable, "-m", "lysglimt.server.started", "lysglimt.server.backup.look"],
        cwd=folder,
        env=environment(folder, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"opened": 0, "shut": 0, "unguarded": ["the copy: it cannot be used"]}
    said: dict[str, Any] = json.loads(done.stdout)
    return said
