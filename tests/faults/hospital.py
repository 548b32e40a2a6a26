"""PostgreSQL as a hospital has it: one role owns the tables, another one serves."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from psycopg import sql

from lysglimt.server.backup.engines import Postgresql
from lysglimt.server.proving.scratch import Scratch, environment
from tests.once import once

from .conftest import migrate

GUIDE = Path(__file__).resolve().parents[2] / "docs/handbook/en/deployment.md"
[ROLES] = re.findall(
    r"^```sql postgresql\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)
GONE = ("DROP DATABASE {serving} WITH (FORCE)", "DROP ROLE {owner}", "DROP ROLE {serving}")


@contextmanager
def hospital(server: Postgresql, folder: Path) -> Iterator[tuple[Scratch, Postgresql]]:
    """As the deployment guide says: a clinic that is served by the role without rights.

    With it its database as the owner has it.
    """
    name = f"lysglimt_{uuid4().hex[:8]}"
    serving = Postgresql(server.at | {"NAME": name, "USER": name})
    owned = Postgresql(serving.at | {"USER": f"{name}_owner"})
    roles = {"serving": sql.Identifier(name), "owner": sql.Identifier(f"{name}_owner")}
    with closing(server.connected()) as known:
        for line in ROLES.replace("lysglimt", name).strip().splitlines():
            known.execute(line)
        try:
            said = environment(folder, serving)
            owning = said | {"LYSGLIMT_DATABASE_OWNER": owned.address}
            owner = Scratch(folder, owned, owning)

            def made(dump: Path) -> None:
                migrate(owner)
                owned.dump(dump)

            dump = once(folder.parent, "hospital", made)
            if owned.empty():
                owned.load(dump, replace=False)
                migrate(owner)  # it gives the rights, which no dump carries
            yield Scratch(folder, serving, said), owned
        finally:
            for line in GONE:
                known.execute(sql.SQL(line).format(**roles))
