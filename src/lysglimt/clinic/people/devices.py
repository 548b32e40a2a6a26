"""What a browser says of itself, as its owner would say it: "Safari, iPad"."""

BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome"}
BROWSERS |= {"Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = ("iPad", "iPhone", "Android", "Windows", "Macintosh", "CrOS", "Linux")
"""In this order: most browsers name others, too, and every Android is a Linux."""

LONGEST = 60


def device(agent: str) -> str:
    """One that is not known stands as it calls itself."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    known = ", ".join(filter(None, (browser, {"Macintosh": "Mac"}.get(system, system))))
    return known or agent[:LONGEST]
