"""The server's static files: where they lie is looked up once in a process, not for each new browser."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

FOUND: dict[str, dict[str, Any]] = {}


class Remembered(WhiteNoiseMiddleware):
    def add_files_from_finders(self) -> None:
        if self.static_prefix not in FOUND:
            super().add_files_from_finders()  # type: ignore[no-untyped-call]  # whitenoise has no types
            FOUND[self.static_prefix] = dict(self.files)
        self.files.update(FOUND[self.static_prefix])
