"""A script is asked for by the name it is kept under, also by another script."""

from pathlib import Path
from typing import Any

from django.test import override_settings

from lysglimt.server.static_files import HashedFiles

ASKS = 'import {\n  band,\n} from "./row.js";\n\nband();\n'


def test_a_script_of_the_chair_asks_for_another_by_its_hashed_name(tmp_path: Path) -> None:
    """Else a tablet without the network has it under a name that nobody asks for."""
    folder = tmp_path / "chairside"
    folder.mkdir()
    (folder / "page.js").write_text(ASKS, encoding="utf-8")
    (folder / "row.js").write_text("export const band = 1;\n", encoding="utf-8")
    made: Any = HashedFiles
    storage = made(location=str(tmp_path), base_url="/static/")
    names = ("chairside/page.js", "chairside/row.js")
    with override_settings(STATIC_ROOT=str(tmp_path), DEBUG=False):
        done = list(storage.post_process({name: (storage, name) for name in names}))
    assert not [fault for *_, fault in done if isinstance(fault, Exception)]
    [hashed] = list(folder.glob("row.*.js"))
    [page] = list(folder.glob("page.*.js"))
    assert f'from "./{hashed.name}";' in page.read_text(encoding="utf-8")
