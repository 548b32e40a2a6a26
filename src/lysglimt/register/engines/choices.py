"""Who has opted out is in no table: the last choice decides, and of one day the one to be left out."""

from collections.abc import Mapping
from datetime import date

from lysglimt.register.indicators.shelf import RESERVED

from .from_ibis import Table, constant, first_known, one_if

Tables = Mapping[str, Table]
NEVER = date(1, 1, 1)
"""Before every day: of a choice without one."""


def left(tables: Tables) -> dict[str, Table]:
    """Without those who opted out, and without all that belongs to their referrals and courses."""
    gone = reserved(tables["registration"])
    hidden = {
        "person": gone,
        "course": tables["course"].join(gone, "person").select("course"),
        "referral": tables["referral"].join(gone, "person").select("referral"),
    }
    found = {}
    for name, rows in tables.items():
        kept = rows
        for variable, out in hidden.items():
            if variable in rows.columns:
                kept = without(kept, out, variable)
        found[name] = kept
    return found


def without(rows: Table, out: Table, variable: str) -> Table:
    """The rows whose key is not among these; one without a key stays. PostgreSQL has no other way."""
    named = out.select(key_out=out[variable]).distinct()
    both = rows.left_join(named, rows[variable] == named.key_out)
    return both.filter(both.key_out.isnull()).drop("key_out")


def reserved(registration: Table) -> Table:
    said = registration.select(
        "person",
        day=first_known(registration.chosen_on, constant(NEVER)),
        out=one_if(registration.choice == RESERVED),
    )
    last = said.group_by("person").agg(last=said.day.max())
    both = said.join(last, "person")
    both = both.filter(both.day == both.last)
    out = both.group_by("person").agg(out=both.out.max())
    return out.filter(out.out == 1).select("person")
