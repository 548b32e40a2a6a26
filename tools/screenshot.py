"""Retake the picture in the README from a demo clinic of its own, on a free port.

python tools/screenshot.py docs/screenshot.png
"""

import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from tools.machine import PARTS, advice, missing

READY_WITHIN = 300  # seconds; the machine may be busy
LYSGLIMT = str(Path(sys.executable).with_name("lysglimt"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str, clinic: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end and clinic.poll() is None:
        try:
            urlopen(address, timeout=2).close()  # noqa: S310, our own http address
        except (URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"{address} did not answer; does `lysglimt demo --port` run?")


def take(address: str, picture: Path) -> None:
    """Sign in as the psychiatrist and open the patient in the last chair, five sessions in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=PARTS["chromium"].found(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="nb-NO")
        page.goto(f"{address}choose-role/")
        page.get_by_role("button", name=re.compile("psykiater", re.IGNORECASE)).first.click()
        page.goto(f"{address}today/")
        seated = page.locator("main section, main article").filter(has_text="Stol 5").last
        seated.locator("a[href*='/patients/']").first.click()
        page.screenshot(path=str(picture))
        browser.close()


def main(picture: Path) -> int:
    if missing(["chromium"]):
        sys.stderr.write(advice("chromium") + "\n")
        return 1
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        clinic = subprocess.Popen([LYSGLIMT, "demo", "--port", str(port)], cwd=folder)
        try:
            wait_for(f"http://localhost:{port}/", clinic)
            take(f"http://localhost:{port}/", picture.resolve())
        finally:
            clinic.send_signal(signal.SIGTERM)
            clinic.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
