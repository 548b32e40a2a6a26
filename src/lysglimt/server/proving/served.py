"""The web server on a scratch copy, which can be killed as a power cut kills it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

from .scratch import NotTried, Scratch

COMMAND = "from lysglimt.server.cli import main; main()"
PATIENCE = 90
"""Seconds until a server that does not start, or does not answer, is given up."""


class Served:
    """`lysglimt serve` in a process group of its own."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = (scratch.folder / "server.log").open("ab")

    def __enter__(self) -> "Served":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.log.close()

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - this Python, on a command of ours
            [sys.executable, "-c", COMMAND, "serve", "--port", str(self.port)],
            cwd=self.scratch.folder,
            env=dict(self.scratch.environment),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with suppress(OSError, HTTPException):
                if self.ask("GET", "/livez")[0] == 200:
                    return
            time.sleep(0.05)
        raise NotTried("the server did not start")

    def kill(self) -> None:
        """Every process of it at once, with no time to say anything."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, method: str, path: str, seconds: float = 30) -> tuple[int, bytes]:
        connection = self.connection(seconds)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def connection(self, seconds: float = 30) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=seconds)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: Any = probe.getsockname()[1]
        return int(port)
