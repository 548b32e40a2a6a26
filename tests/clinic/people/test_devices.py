"""Whoever looks where they are signed in knows their own devices again."""

import pytest

from lysglimt.clinic.people.devices import LONGEST, device

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} Chrome/149.0 Safari/537.36", "Chrome, Linux"),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {KIT} Chrome/149.0 Safari/537.36 Edg/149.0",
            "Edge, Windows",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 17_0) {KIT} Version/17.0 Safari/604.1", "Safari, iPad"),
        (f"Mozilla/5.0 (iPhone) {KIT} CriOS/149.0 Safari/604.1", "Chrome, iPhone"),
        ("Mozilla/5.0 (Macintosh; rv:140.0) Gecko Firefox/140.0", "Firefox, Mac"),
        (f"Mozilla/5.0 (Linux; Android 14) {KIT} Chrome/149.0 Safari/537.36", "Chrome, Android"),
        ("curl/8.5", "curl/8.5"),
        ("x" * 200, "x" * LONGEST),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_would(agent: str, said: str) -> None:
    assert device(agent) == said
