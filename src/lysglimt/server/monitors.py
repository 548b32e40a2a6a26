"""The monitors of one unit: whose they are, and the door they send to."""

import asyncio
import signal
from collections.abc import Callable, Sequence

from django.utils import timezone

from lysglimt.clinic.people.models import Unit
from lysglimt.exchange.hl7v2.listening import Listener
from lysglimt.exchange.hl7v2.receiving import receive
from lysglimt.knowledge.errors import ClinicalError

from .accounts import nearest
from .serving import refuse_unready, refuse_unsound_journal


class NotOneUnit(ClinicalError):
    """No unit is called so, or several could be meant."""

    code = "monitors.not-one-unit"


def unit_of(named: str | None, entity: str | None) -> Unit:
    """Raises NotOneUnit; before it, what is wrong with the database that would store."""
    refuse_unready()
    refuse_unsound_journal()
    asked = {"name": named, "entity__name": entity}
    units = Unit.objects.filter(**{key: value for key, value in asked.items() if value})
    found = list(units[:2])
    if len(found) == 1:
        return found[0]
    if named and not found:
        raise NotOneUnit(f"no unit is called {named!r}{nearest(named)}")
    raise NotOneUnit("Whose monitors? Name one unit with --unit, and its --entity.")


async def listening(unit: Unit, *, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Until a signal ends it. ``tell`` gets a line at the beginning, and one a connection."""

    def store(messages: Sequence[bytes]) -> list[bytes]:
        return receive(messages, unit=unit, at=timezone.now())

    until, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, until.set)
    await Listener(store, tell=tell).run(
        host=host,
        port=port,
        until=until,
        ready=lambda at: tell(f"Listening for the monitors of {unit} at {host}:{at}"),
    )
