"""Asked of a scratch copy: does the database itself keep the rows of two houses apart?"""

import json
import sys
from collections import Counter
from typing import Any

from django.db import connection
from psycopg import sql

from lysglimt.clinic.people.models import LegalEntity, Professional
from lysglimt.clinic.people.reach import EVERYTHING, NOBODY, Reach, reaching
from lysglimt.server import row_security


def main() -> None:
    found = looked(connection) if connection.vendor == "postgresql" else {}
    sys.stdout.write(json.dumps(found))


def looked(database: Any) -> dict[str, Any]:
    """Each table is counted as a whole, for nobody, and for somebody of each house in turn."""
    houses = LegalEntity.objects.values_list("pk", flat=True)
    staff = Professional.objects.filter(is_active=True).order_by()
    somebody = [
        staff.filter(unit__entity=house).values_list("pk", flat=True).first()
        for house in houses
    ]
    everyone = [Reach(professional=key) for key in somebody if key is not None]
    whole = counted(database, EVERYTHING)
    apart: Counter[str] = Counter()
    for one in everyone:
        apart.update(counted(database, one))
    unseen = counted(database, NOBODY)
    return {
        "tables": len(whole),
        "houses": len(everyone),
        "rows": sum(whole.values()),
        "bypassed by": row_security.bypassing(database),
        "open": sorted(
            table for table in whole if apart[table] > whole[table] or unseen[table]
        ),
        "hidden": sorted(table for table in whole if apart[table] < whole[table])
        if None not in somebody
        else [],
    }


def counted(database: Any, far: Reach) -> dict[str, int]:
    """By a question that filters nothing."""
    found = {}
    with reaching(far), database.cursor() as cursor:
        for table in row_security.policies():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            [(found[table],)] = cursor.fetchall()
    return found
