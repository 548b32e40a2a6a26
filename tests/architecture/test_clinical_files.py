"""Every clinical data file is read, strictly, by the rules that own it; none lies forgotten."""

import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lysglimt" / "knowledge"
FILES = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.toml")}

# Whatever answers without being asked anything is asked, all in a process of its own: what this
# one has read is remembered, and must stay the same object.
READ_ALL = """
import inspect, json, sys
from importlib import import_module
from pkgutil import walk_packages
import lysglimt.knowledge as knowledge

opened = set()
sys.addaudithook(lambda event, values: event == "open" and opened.add(str(values[0])))
for found in walk_packages(knowledge.__path__, "lysglimt.knowledge."):
    for read in list(vars(import_module(found.name)).values()):
        ours = getattr(read, "__module__", "").startswith("lysglimt.knowledge")
        if ours and inspect.isroutine(inspect.unwrap(read)) and not inspect.signature(read).parameters:
            read()
print(json.dumps(sorted(name for name in opened if name.endswith(".toml"))))
"""


def test_every_data_file_of_the_clinical_core_is_read_by_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    read = {Path(name).relative_to(SOURCE).as_posix() for name in json.loads(done.stdout)}
    assert FILES
    assert read == FILES
