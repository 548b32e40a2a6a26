"""What stands before the server: it hands on, answers for a server that is down, or hangs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

OWN = {"connection", "transfer-encoding", "keep-alive"}


@dataclass(slots=True)
class Proxy:
    address: str
    state: str = "there"
    """Or ``down``: each answer is a 502; or ``hangs``: there is none until it changes."""
    changed: Event = field(default_factory=Event)

    def become(self, state: str) -> None:
        self.state = state
        self.changed.set()
        self.changed = Event()


@contextmanager
def before(origin: str) -> Iterator[Proxy]:
    """On a port of its own."""
    proxy = Proxy("")

    class Handing(BaseHTTPRequestHandler):
        def hand_on(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            while proxy.state == "hangs":
                proxy.changed.wait(0.2)
            if proxy.state == "down":
                self.send_error(502)
                return
            there = HTTPConnection(urlsplit(origin).netloc, timeout=60)
            there.request(self.command, self.path, body, dict(self.headers))
            answer = there.getresponse()
            said = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in OWN:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)
            there.close()

        do_GET = do_POST = do_HEAD = hand_on  # noqa: N815, the parent names them

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, the parent names it
            """Requests are not worth a line."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handing)
    server.daemon_threads = True
    proxy.address = f"http://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.become("down")
        server.shutdown()
        server.server_close()
        thread.join()
