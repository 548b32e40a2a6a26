"""What was acknowledged is neither lost nor doubled, however the server ends."""

import threading
import time
from collections.abc import Mapping

from .figures import Figure, Proved
from .scratch import NotTried, Scratch, copied
from .served import Served
from .writers import Keyboard, Tally, chart

WRITERS = 6


def proved(*, writes: int = 300, kills: int = 3) -> Proved:
    """On a copy of the clinic's database, through the page that charts observations."""
    with copied() as scratch:
        return killed(scratch, writes=writes, kills=kills)


def killed(scratch: Scratch, *, writes: int, kills: int) -> Proved:
    """The whole group of the server is killed so many times while six write."""
    began = time.monotonic()
    ground = scratch.ask("ground")
    tally = Tally()
    with Served(scratch) as served:
        hands = writers(Keyboard(served, ground), tally, writes)
        for number in range(1, kills + 1):
            wait_for(tally, hands, writes * number // (kills + 1))
            served.kill()
            served.start()
        for hand in hands:
            hand.join()
    found = scratch.ask("tally", tally.acknowledged)
    figures: dict[str, Figure] = {
        "database": scratch.database.vendor,
        "tried": tally.tried,
        "kills": kills,
        "sent again": tally.resent,
        "told to try again": tally.busy,
        "acknowledged": len(tally.acknowledged),
        "refused": len(tally.refused),
        "refused with": " ".join(map(str, sorted(set(tally.refused)))),
        **found,
        "seconds": round(time.monotonic() - began, 1),
    }
    return Proved(promise="durability", figures=figures, faults=tuple(faults(figures, writes)))


def writers(keyboard: Keyboard, tally: Tally, writes: int) -> list[threading.Thread]:
    until = time.monotonic() + 600 + writes / 5
    hands = [
        threading.Thread(
            target=chart,
            args=(keyboard, tally, range(first, writes, WRITERS)),
            kwargs={"go_on": lambda: time.monotonic() < until},
        )
        for first in range(WRITERS)
    ]
    for hand in hands:
        hand.start()
    return hands


def wait_for(tally: Tally, hands: list[threading.Thread], count: int) -> None:
    while len(tally.acknowledged) < count:
        if len(tally.refused) > 20 or not any(hand.is_alive() for hand in hands):
            raise NotTried(f"refused with {sorted(set(tally.refused))}, not killed")
        time.sleep(0.01)


def faults(figures: Mapping[str, Figure], writes: int) -> list[str]:
    wrong = ("lost", "doubled", "changed", "without one trail", "refused")
    found = [f"{figures[name]} {name}" for name in wrong if figures[name]]
    if figures["acknowledged"] != writes:
        found.append(f"{figures['acknowledged']} of {writes} acknowledged")
    return found
