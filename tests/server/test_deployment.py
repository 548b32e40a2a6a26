"""The deployment guide, followed by a machine as far as a machine without users can."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.server.conftest import ALONE

ROOT = Path(__file__).resolve().parents[2]
GUIDE = {
    language: (ROOT / "docs/handbook" / language / page).read_text(encoding="utf-8")
    for language, page in (("en", "deployment.md"), ("nb", "drift.md"))
}
BLOCK = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(kind, how, text) for kind, how, text in BLOCK.findall(GUIDE["en"])]
FILES = {
    Path(how.removeprefix("file=")): text for _, how, text in BLOCKS if how.startswith("file=")
}
SERVICE = FILES[Path("/etc/systemd/system/lysglimt.service")]
PROXY = FILES[Path("/etc/nginx/conf.d/lysglimt.conf")]
NAME = "lysglimt.hospital.example"
BIN = Path(sys.executable).parent


def unit(text: str) -> dict[str, list[str]]:
    """The settings of a unit file; one may stand several times."""
    said: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, found, value = line.partition("=")
        if found and not line.startswith("#"):
            said.setdefault(key, []).append(value)
    return said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(*command: str | Path, **how: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=240, **how
    )


def test_every_block_says_whether_a_machine_follows_it() -> None:
    fences = re.findall(r"^```(.+)$", GUIDE["en"], re.MULTILINE)
    assert len(fences) == len(BLOCKS) >= 10
    assert {how for _, how, _ in BLOCKS if "=" not in how} == {
        *("run", "untested", "settings", "postgresql")
    }
    assert len(FILES) == 4


def test_both_languages_give_the_same_files_and_commands() -> None:
    assert [text for *_, text in BLOCK.findall(GUIDE["nb"])] == [text for *_, text in BLOCKS]


def test_the_guide_lists_every_connection() -> None:
    for language in GUIDE.values():
        rows = re.findall(r"^\| .+ \|$", language, re.MULTILINE)
        assert len(rows) >= 5
        assert "verify-full" in language


def test_the_guide_names_what_a_browser_must_have() -> None:
    assert "Browsers need TLS 1.2" in GUIDE["en"]
    assert "Nettlesere må ha TLS 1.2" in GUIDE["nb"]


def test_the_database_is_reached_by_socket_or_verified_tls() -> None:
    [settings] = [text for _, how, text in BLOCKS if how == "settings"]
    assert 'database = "postgresql://lysglimt@/lysglimt"' in settings
    assert "never less" in GUIDE["en"]


def test_the_server_listens_on_loopback_alone() -> None:
    assert "--host 127.0.0.1" in unit(SERVICE)["ExecStart"][0]
    assert set(re.findall(r"proxy_pass (\S+);", PROXY)) == {"http://127.0.0.1:8000"}


def test_the_unit_shuts_the_service_in() -> None:
    said = unit(SERVICE)
    assert said["IPAddressDeny"] == ["any"]
    assert said["IPAddressAllow"] == ["localhost"]
    assert said["CapabilityBoundingSet"] == [""]
    assert said["ProtectSystem"] == ["strict"]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert said[key] == ["yes"]
    assert said["KillMode"] == ["control-group"]


def test_the_unit_takes_its_secrets_as_credentials() -> None:
    assert unit(SERVICE)["LoadCredential"] == ["lysglimt.toml:/etc/lysglimt/lysglimt.toml"]
    assert not re.search(r"SECRET|KEY=|PASSWORD", SERVICE)


def test_the_proxy_speaks_new_tls_alone() -> None:
    assert re.findall(r"ssl_protocols (.+);", PROXY) == ["TLSv1.2 TLSv1.3"]
    [ciphers] = re.findall(r"ssl_ciphers (.+);", PROXY)
    assert all(re.match(r"ECDHE-.+-GCM-", cipher) for cipher in ciphers.split(":"))


def test_the_proxy_overwrites_what_a_caller_claims() -> None:
    given = dict(re.findall(r"proxy_set_header (\S+) (.+);", PROXY))
    assert given["X-Forwarded-Proto"] == "https"
    assert given["X-Forwarded-For"] == "$remote_addr"
    assert given["X-Forwarded-Host"] == '""'
    assert given["X-Request-Id"] == "$request_id"


def test_the_proxy_serves_one_name_alone() -> None:
    assert set(re.findall(r"server_name (.+);", PROXY)) == {NAME}


def test_the_proxy_tells_no_version() -> None:
    assert "server_tokens off;" in PROXY


def test_a_wheel_holds_the_product_alone(tmp_path: Path) -> None:
    """No tests, no tools, no keys, nothing of source control."""
    made = run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT
    )
    assert made.returncode == 0, made.stderr
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"lysglimt"}
    assert not [
        name for name in names if re.search(r"\.git|/tests?/|\.sqlite3|lysglimt\.toml", name)
    ]


def test_systemd_accepts_the_units(tmp_path: Path, need: Callable[[str], None]) -> None:
    need("systemd")
    units = [tmp_path / place.name for place in FILES if place.suffix in {".service", ".timer"}]
    assert len(units) == 3
    for unit_file in units:
        text = FILES[Path("/etc/systemd/system") / unit_file.name]
        unit_file.write_text(text.replace("/opt/lysglimt/bin", str(BIN)), encoding="utf-8")
    checked = run("systemd-analyze", "verify", "--man=no", *units)
    assert not [line for line in checked.stderr.splitlines() if "lysglimt" in line]
    units[0].write_text(SERVICE.replace("Restart=", "Restrat="), encoding="utf-8")
    assert "Restrat" in run("systemd-analyze", "verify", "--man=no", *units).stderr


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


class Site:
    """A folder that stands for the machine, the server in it, and nginx in front."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {"443": free_port(), "80": free_port(), "8000": free_port()}
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = ALONE | {"HOME": str(folder)}

    def moved(self, text: str) -> str:
        """Paths into the folder, ports to free ones; IPv6 is left out where there is none."""
        text = re.sub(r"(?<![\w.%])/(etc|var|run)/", rf"{self.folder}/\1/", text)
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        for port, free in self.ports.items():
            text = re.sub(rf"(listen |127\.0\.0\.1:|--port ){port}\b", rf"\g<1>{free}", text)
        return text

    def follow(self) -> None:
        """Each step of the guide that is marked so, in its order."""
        config = self.folder / "etc/lysglimt"
        for _, how, text in BLOCKS:
            if how == "run":
                for line in text.splitlines():
                    words = self.moved(line).split()
                    done = run(
                        BIN / words[0], *words[1:], env=self.environment, cwd=self.cwd(config)
                    )
                    assert done.returncode == 0 or words[1] == "doctor", (
                        done.stdout + done.stderr
                    )
            if how == "settings":
                self.set(config / "lysglimt.toml", text)

    def cwd(self, config: Path) -> Path:
        return config if config.is_dir() else self.folder

    def set(self, file: Path, text: str) -> None:
        """As an editor would: a line of the guide replaces the one of its name."""
        known = file.read_text(encoding="utf-8")
        for line in text.splitlines():
            name = line.partition(" =")[0]
            here = f'database = "sqlite:///{self.folder}/var/lib/lysglimt/clinic.sqlite3"'
            put = here if name == "database" else line
            known, replaced = re.subn(rf"^{name} = .*$", put, known, flags=re.MULTILINE)
            known = known if replaced else f"{put}\n{known}"
        file.write_text(known, encoding="utf-8")

    def start(self) -> None:
        said = unit(self.moved(SERVICE))
        place = Path(said["WorkingDirectory"][0])
        place.mkdir(parents=True)
        secret = self.folder / "credentials"
        secret.mkdir(mode=0o700)
        name, _, source = said["LoadCredential"][0].partition(":")
        shutil.copy(source, secret / name)
        before = said["ExecStartPre"][0].replace("%d", str(secret)).split()
        assert run(*before).returncode == 0
        environment = dict(line.split("=", 1) for line in said["Environment"])
        program = said["ExecStart"][0].replace("/opt/lysglimt/bin", str(BIN)).split()
        self.spawn(program, cwd=place, env=self.environment | environment)
        self.proxy()

    def proxy(self) -> None:
        folder = self.folder / "nginx"
        folder.mkdir()
        certify(self.folder / "etc/ssl/lysglimt")
        (self.folder / "var/log/nginx").mkdir(parents=True)
        (folder / "site.conf").write_text(self.moved(PROXY), encoding="utf-8")
        places = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = f"daemon off;\nuser {user()};\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\n{places}include {folder}/site.conf;\n}}\n"
        (folder / "nginx.conf").write_text(main, encoding="utf-8")
        checked = run("nginx", "-t", "-q", "-c", folder / "nginx.conf")
        assert checked.returncode == 0, checked.stderr
        self.spawn(["nginx", "-c", str(folder / "nginx.conf")])

    def spawn(self, command: list[str], **how: Any) -> None:
        with (self.folder / f"{Path(command[0]).name}.log").open("wb") as log:
            self.running.append(
                subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **how)
            )

    def ask(self, address: str, *, tls: bool = True, **how: Any) -> "Answer":
        scheme, port = ("https", self.ports["443"]) if tls else ("http", self.ports["80"])
        context = ssl.create_default_context(
            cafile=self.folder / "etc/ssl/lysglimt/fullchain.pem"
        )
        context.check_hostname = False  # it is asked by its address, and certified by its name
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), NoRedirect()
        )
        asked = urllib.request.Request(f"{scheme}://127.0.0.1:{port}{address}", **how)  # noqa: S310 - http alone
        asked.add_header("Host", NAME)
        try:
            answer = opener.open(asked, timeout=20)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Answer(answer.status, answer.headers, answer.read())

    def wait(self) -> None:
        for _ in range(240):
            try:
                if self.ask("/livez").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.25)
        pytest.fail((self.folder / "lysglimt.log").read_text("utf-8", errors="replace"))

    def stop(self) -> None:
        for process in self.running:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            process.wait(20)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def user() -> str:
    import pwd  # noqa: PLC0415 - not on every system

    return pwd.getpwuid(os.geteuid()).pw_name


def certify(folder: Path) -> None:
    folder.mkdir(parents=True)
    made = run(
        *(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ),
        *(
            "-nodes",
            "-days",
            "2",
            "-subj",
            f"/CN={NAME}",
            "-addext",
            f"subjectAltName=DNS:{NAME}",
        ),
        *("-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")),
    )
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def site(
    need: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    need("nginx")
    place = Site(tmp_path_factory.mktemp("machine"))
    (place.folder / "var/lib/lysglimt").mkdir(parents=True)
    try:
        place.follow()
        place.start()
        place.wait()
        yield place
    finally:
        place.stop()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_guide_was_followed_to_a_page_over_tls(site: Site) -> None:
    ready = site.ask("/readyz")
    assert ready.status == 200, ready.body
    page = site.ask("/sign-in/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "nginx/" not in page.headers["Server"]
    cookies = page.headers.get_all("Set-Cookie") or []
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
    assert site.ask("/.well-known/security.txt").body.startswith(b"Contact: mailto:security@")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_plain_http_leads_to_tls_and_nowhere_else(site: Site) -> None:
    answer = site.ask("/sign-in/", tls=False)
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/sign-in/"
    assert site.ask("/readyz", tls=False).status == 200


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_body_that_is_too_large_ends_at_the_proxy(site: Site) -> None:
    assert site.ask("/sign-in/", data=b"a" * 1_100_000).status == 413


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_caller_cannot_choose_the_request_id_or_the_host(site: Site) -> None:
    answer = site.ask("/livez", headers={"X-Request-Id": "chosen-by-caller"})
    assert answer.headers["X-Request-Id"] != "chosen-by-caller"
    assert site.ask("/metrics").status == 404


def steps_of(page: str) -> list[tuple[str, str]]:
    """Each command with what is said of it."""
    text = (ROOT / "docs/handbook" / page).read_text(encoding="utf-8")
    [block] = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = (line.partition("  # ") for line in block.splitlines())
    return [(command.strip(), said) for command, _, said in lines]


def test_a_broken_clinic_fails_the_check_as_the_page_says(tmp_path: Path) -> None:
    en, nb = steps_of("en/how-do-i-know.md"), steps_of("nb/hvordan-vet-jeg-det.md")
    assert [command for command, _ in nb] == [command for command, _ in en]
    steps = [command for command, _ in en]
    [to_look_for] = {said[-1][1].partition(": ")[2] for said in (en, nb)}
    path = {"PATH": f"{BIN}:{os.environ['PATH']}"}
    before = run("sh", "-c", "\n".join(steps[:3]), cwd=tmp_path, env=ALONE | path)
    assert before.returncode == 0, before.stdout
    after = run("sh", "-c", "\n".join(steps[3:]), cwd=tmp_path / "try", env=ALONE | path)
    assert after.returncode == 1
    assert to_look_for
    assert to_look_for in after.stdout
