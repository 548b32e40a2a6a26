"""Makes metafor_tight.json: what metafor.json had with the package's usual stopping rule, made tight.

    python -m tests.reference.metafor_tight

Needs R with metafor (Debian: r-base-core and r-cran-metafor). The effects are those of metafor.json.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.science.evidence.known import ALLOCATION, LATITUDE, POOLED, metafor

WHERE = Path(__file__).with_suffix(".json")
MODERATED = "dat.bcg_RR"
SCRIPT = Path(__file__).with_suffix(".R")


def effects() -> str:
    lines = ["set,yi,vi,latitude,allocation"]
    for name in POOLED:
        found = metafor()[name]
        for number, (y, v) in enumerate(zip(found["yi"], found["vi"], strict=True)):
            moderated = name == MODERATED
            latitude = LATITUDE[number] if moderated else ""
            allocation = ALLOCATION[number] if moderated else ""
            lines.append(f"{name},{y!r},{v!r},{latitude},{allocation}")
    return "\n".join(lines) + "\n"


def main() -> int:
    command = ["Rscript", "--vanilla", str(SCRIPT)]
    done = subprocess.run(
        command, input=effects(), check=True, capture_output=True, text=True, encoding="utf-8"
    )
    said = json.loads(done.stdout)
    WHERE.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
