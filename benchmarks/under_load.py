"""A 20,000-row import, a slow export and 8 writers together hold no page up for more than 250 ms.

    python -m benchmarks.under_load [ROWS]

On SQLite and on a PostgreSQL that writes through as a clinic's does. Beside each the same load
without the trail: nothing recorded, no read logged, nothing chained.
"""

import csv
import multiprocessing
import os
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks.conditions import say, stated
from tests.databases import throw_away

LIMIT = 0.250  # seconds
ROWS = 20_000
WRITERS = 8
PAUSE = 0.2  # seconds between what one writer writes: far more than a nurse charts
PAGES = ("/today/", "/waiting/", "/patients/{patient}/", "/patients/{patient}/particulars/")
PROCESSES = multiprocessing.get_context("spawn")


class Seen(NamedTuple):
    """Seconds that each page took, and how much was written meanwhile, or waited for in vain."""

    pages: list[float]
    imported: int
    written: int
    in_vain: int
    seconds: float


def rows_of(file: Path, number: int) -> None:
    """Made-up patients, each another birth date or number."""
    from lysglimt.clinic.people.identity import made_up_numbers  # noqa: PLC0415 - in the product

    with file.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(["identity_number", "given_name", "family_name", "birth_date"])
        for n in range(number):
            born = date(1950, 1, 1) + timedelta(days=n % 15_000)
            numbers = made_up_numbers(born, sex="mf"[n // 15_000 % 2])
            letters = "".join("abcdefghijklmnopqrst"[int(digit)] for digit in f"{n:05}")
            table.writerow(
                [next(numbers), f"Prøve{letters}", f"Person{letters}", born.isoformat()]
            )


@dataclass(frozen=True)
class Job:
    """What a process is to do where, until when, and to whom it tells what came of it."""

    folder: Path
    audited: bool
    over: Any
    told: Connection


def clinic(job: Job) -> None:
    """Work in that clinic; without the trail, if so asked."""
    os.chdir(job.folder)
    for name in [
        name for name in os.environ if name.startswith("LYSGLIMT_") and "DATABASE" not in name
    ]:
        del os.environ[name]
    from lysglimt.server.starting import start  # noqa: PLC0415 - in that folder

    start()
    if not job.audited:
        from lysglimt.clinic.audit import actions as audit  # noqa: PLC0415 - after Django has started

        def nothing(**_: object) -> None: ...

        audit.record = audit.record_read = nothing  # type: ignore[assignment]  # what it would be to have no trail


def look(job: Job) -> None:
    """One reader, page after page, with the sealer beside as in `lysglimt serve`."""
    clinic(job)
    from django.conf import settings  # noqa: PLC0415 - after Django has started
    from django.test import Client  # noqa: PLC0415 - likewise

    from lysglimt.clinic.people.models import Patient, Professional  # noqa: PLC0415 - likewise
    from lysglimt.server.sealer import Sealer  # noqa: PLC0415 - likewise

    settings.ALLOWED_HOSTS = ["*"]
    client = Client(raise_request_exception=False)
    client.force_login(Professional.objects.get(username="nurse"))
    patient = Patient.objects.order_by("registered_at").first()
    addresses = [page.format(patient=patient.pk if patient else "") for page in PAGES]
    for address in addresses:
        client.get(address)
    if job.audited:
        Sealer().start()
    job.told.send("ready")
    taken = []
    while not job.over.is_set():
        for address in addresses:
            began = time.perf_counter()
            answer = client.get(address)
            taken.append(time.perf_counter() - began)
            if answer.status_code != 200:  # one that leads elsewhere is quick, and no page
                raise RuntimeError(f"{address}: {answer.status_code}")
        time.sleep(0.05)
    job.told.send(taken)


def write(job: Job) -> None:
    clinic(job)
    from django.db import OperationalError, connection  # noqa: PLC0415 - likewise
    from django.utils import timezone  # noqa: PLC0415 - likewise

    from lysglimt.clinic.people import actions  # noqa: PLC0415 - likewise
    from lysglimt.clinic.people.actions.patients import Kin  # noqa: PLC0415 - likewise
    from lysglimt.clinic.people.models import Patient, Professional  # noqa: PLC0415 - likewise

    nurse = Professional.objects.get(username="nurse")
    patients = list(Patient.objects.for_professional(nurse).order_by("registered_at")[:WRITERS])
    counts, in_vain = [0] * WRITERS, [0] * WRITERS

    def charting(number: int) -> None:
        while not job.over.is_set():
            kin = Kin(name="Pårørende Prøve", kinship="friend", consent=False)
            patient = patients[number % len(patients)]
            try:
                actions.add_relative(patient=patient, kin=kin, by=nurse, at=timezone.now())
                counts[number] += 1
            except OperationalError:  # after ten seconds
                in_vain[number] += 1
            time.sleep(PAUSE)
        connection.close()

    hands = [Thread(target=charting, args=(number,)) for number in range(WRITERS)]
    for hand in hands:
        hand.start()
    job.told.send("ready")
    for hand in hands:
        hand.join()
    job.told.send((sum(counts), sum(in_vain)))


def bring(job: Job) -> None:
    clinic(job)
    from lysglimt.server.intake import taken_in  # noqa: PLC0415 - likewise

    job.told.send("ready")
    rows = job.folder / "rows.csv"
    found = taken_in(rows, "patients", "coordinator", dry_run=False, revise=False)
    if found.problems:
        raise RuntimeError(str(found.problems[:2]))
    job.told.send(found.rows)
    job.over.wait()


def export(job: Job) -> None:
    """The trail is read row by row, slowly, again and again."""
    clinic(job)
    from datetime import datetime  # noqa: PLC0415 - likewise
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - likewise

    from lysglimt.clinic.audit.trail import exported  # noqa: PLC0415 - likewise

    far = datetime(2100, 1, 1, tzinfo=ZoneInfo("Europe/Oslo"))
    job.told.send("ready")
    while not job.over.is_set():
        for _ in exported(far.replace(year=2000), far):
            time.sleep(0.001)
            if job.over.is_set():
                break
    job.told.send(None)


def under_load(folder: Path, *, audited: bool) -> Seen:
    over = PROCESSES.Event()
    hands = {}
    for task in (look, write, export, bring):
        mine, theirs = PROCESSES.Pipe()
        hand = PROCESSES.Process(
            target=task, args=(Job(folder, audited, over, theirs),), daemon=True
        )
        hand.start()
        hands[task] = (hand, mine)
        answer(hand, mine)
    began = time.perf_counter()
    imported = answer(*hands[bring])
    seconds = time.perf_counter() - began
    over.set()
    pages, (written, in_vain) = answer(*hands[look]), answer(*hands[write])
    for hand, _ in hands.values():
        hand.join(timeout=30)
    return Seen(pages, imported, written, in_vain, seconds)


def answer(hand: Any, told: Connection) -> Any:
    """What the process says next; it may die before."""
    while not told.poll(1):
        if not hand.is_alive():
            raise RuntimeError(f"{hand.name} ended with {hand.exitcode}")
    return told.recv()


def main() -> int:
    """1 when a page took longer than the limit while the trail was kept, or the load was none."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    number = int(words[0]) if words else ROWS
    slowest, idle = 0.0, False
    with stated(f"no page above {LIMIT * 1000:.0f} ms under load, {number} rows"):
        for database, address in (("SQLite", ""), ("PostgreSQL", throw_away(safe=True))):
            for audited in (True, False):
                seen = measured(number, address, audited=audited)
                say(f"{database}, {'with' if audited else 'without'} the trail: {line(seen)}")
                slowest = max(slowest, *seen.pages) if audited else slowest
                idle |= seen.imported < number or not seen.written
    kept = slowest <= LIMIT and not idle
    broken = "not all was imported, or nothing written beside" if idle else "held up"
    say("kept" if kept else f"BROKEN: {broken}; the slowest page took {slowest * 1000:.0f} ms")
    return 0 if kept else 1


def measured(number: int, address: str, *, audited: bool) -> Seen:
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "clinic"
        making = PROCESSES.Process(target=furnish, args=(folder, address))
        making.start()
        making.join()
        if making.exitcode:
            raise RuntimeError("the clinic was not made")
        rows_of(folder / "rows.csv", number)
        return under_load(folder, audited=audited)


def furnish(folder: Path, address: str) -> None:
    """A demonstration of four patients; on that PostgreSQL, if one is named."""
    from lysglimt.server.commands import demo  # noqa: PLC0415 - in a process of its own
    from lysglimt.server.starting import start  # noqa: PLC0415 - likewise

    demo.furnish(folder)
    if address:
        anew(address)
        file = folder / "lysglimt.toml"
        said = file.read_text(encoding="utf-8")
        file.write_text(said.replace(demo.DATABASE, address), encoding="utf-8")
    start()
    demo.build(patients=4, seed=1, now=demo.moment(None))


def anew(address: str) -> None:
    """An empty database there."""
    there = urlsplit(address)
    host, name = unquote(str(there.hostname)), there.path.strip("/")
    with closing(
        psycopg.connect(host=host, user=there.username, dbname="postgres", autocommit=True)
    ) as known:
        known.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))
        known.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))


def line(one: Seen) -> str:
    taken = [seconds * 1000 for seconds in one.pages]
    late = sum(seconds > LIMIT for seconds in one.pages)
    return (
        f"{len(taken)} pages: median {median(taken):.0f} ms, 99 % {quantiles(taken, n=100)[98]:.0f} ms, "
        f"slowest {max(taken):.0f} ms, {late} above the limit; {one.imported} rows imported in "
        f"{one.seconds:.0f} s, {one.written} writes beside, {one.in_vain} waited in vain"
    )


if __name__ == "__main__":
    sys.exit(main())
