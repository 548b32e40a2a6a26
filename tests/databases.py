"""The database of a test run: a SQLite file, or a PostgreSQL that lives as long as the run.

``LYSGLIMT_TEST_DATABASE=postgresql`` asks for the second.
"""

import atexit
import os
import pwd
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from tools.machine import PARTS

ASKED = os.environ.get("LYSGLIMT_TEST_DATABASE", "sqlite")
if ASKED not in {"sqlite", "postgresql"}:
    raise ValueError(f"LYSGLIMT_TEST_DATABASE={ASKED}: sqlite or postgresql")
POSTGRESQL = ASKED == "postgresql" and PARTS["postgresql"].found() is not None

# The shell that owns the server waits for the end of its standard input, which comes when the test
# run ends in whatever way, `kill -9` too. Then it stops the server and removes its folder.
WARDEN = """
set -e
folder=$1 safe=$2
trap 'rm -rf "$folder"' EXIT
initdb --pgdata="$folder/data" --username=lysglimt --auth=trust --encoding=UTF8 --locale=C \
  --no-sync > "$folder/log"
postgres -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync="$safe" \
  -c full_page_writes="$safe" -c synchronous_commit="$safe" -c max_connections=60 >> "$folder/log" 2>&1 &
server=$!
tries=0
until pg_isready --quiet --host="$folder" || [ $tries -ge 600 ]; do
  kill -0 $server
  tries=$((tries + 1))
  sleep 0.1
done
echo ready
read -r _ || true
kill -INT $server
wait $server || true
"""


def for_tests() -> dict[str, str]:
    """SQLite tests use a file, as clinics do: threads of a server get connections of their own."""
    if POSTGRESQL:
        return {}
    name = f"lysglimt-{os.getpid()}.sqlite3"
    atexit.register(sweep, f"{name}*")
    return {"NAME": str(Path(tempfile.gettempdir()) / name)}


def sweep(files: str) -> None:
    """Django removes the database, and leaves what SQLite keeps beside it."""
    for file in Path(tempfile.gettempdir()).glob(files):
        file.unlink(missing_ok=True)


def throw_away(*, safe: bool = False) -> str:
    """Start a PostgreSQL on a socket in a folder of its own; it goes when this process goes.

    ``safe`` as a clinic's is: what it has acknowledged would survive a power cut.
    """
    if running := os.environ.get("LYSGLIMT_DATABASE", ""):
        return running  # this is a worker; the process that started it owns the server
    folder = Path(tempfile.mkdtemp(prefix="lysglimt-postgresql-"))
    own = servant()
    if own:
        os.chown(folder, own.pw_uid, own.pw_gid)
    warden = subprocess.Popen(
        ["/bin/sh", "-c", WARDEN, "warden", str(folder), "on" if safe else "off"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env=os.environ | {"PATH": f"{PARTS['postgresql'].found()}:{os.environ['PATH']}"},
        start_new_session=True,
        user=own and own.pw_uid,
        group=own and own.pw_gid,
        extra_groups=[] if own else None,
    )
    atexit.register(dismiss, warden)
    assert warden.stdout is not None
    if warden.stdout.readline() != b"ready\n":
        raise RuntimeError("the throw-away PostgreSQL did not start")
    return f"postgresql://lysglimt@{quote(str(folder), safe='')}/lysglimt"


def servant() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it to the user its package made."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def dismiss(warden: "subprocess.Popen[bytes]") -> None:
    """Close its standard input and wait until server and folder are gone."""
    warden.communicate()
