"""axe-core's verdict on the page as it stands: WCAG 2.2 level A and AA, and its own good practice."""

from importlib.resources import files

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """levels => axe.run(document, {runOnly: {type: "tag", values: levels}, resultTypes: ["violations"]})
  .then(found => found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${rule.help}: ${node.html.slice(0, 200)}`)))"""


def violations(page: Page) -> list[str]:
    """One line for each fault: rule, what it asks, the element."""
    # Not a script element: the page's own policy would block it, and must.
    page.evaluate(AXE)
    found: list[str] = page.evaluate(ASK, LEVELS)
    return found


def assert_accessible(page: Page) -> None:
    assert not (found := violations(page)), f"{page.url}\n" + "\n".join(found)
