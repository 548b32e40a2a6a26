"""A page driven by the keyboard alone. What cannot be reached by Tab cannot be used."""

from playwright.sync_api import ElementHandle, Locator, Page

STOPS = 250
"""No page of ours has that many stops; whoever passes them all is going in circles."""
FOCUSED = "element => element === document.activeElement"
IN_VIEW = """element => { const box = element.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth }"""
NAME = "() => document.activeElement.outerHTML.slice(0, 120)"
AHEAD = """element => { const stops = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(each => !each.disabled && each.checkVisibility());
  const at = document.activeElement, to = stops.indexOf(element);
  const from = at.id === 'content' ? stops.findIndex(each => at.contains(each)) - 1 : stops.indexOf(at);
  const groups = new Set(stops.slice(from + 1, to).map(each =>
    each.type === 'radio' ? each.name : each));
  return Math.max(0, Math.min(to - from, groups.size) - 3) }"""
"""At least so many stops lie before the element; pressed without looking, to save time."""


SKIP = """element => document.activeElement === document.body &&
  !!document.querySelector('body > a[href="#content"]') && element.matches('#content *')"""
LANDED = "() => document.activeElement.id === 'content'"


def skip_to_content(page: Page, element: ElementHandle) -> None:
    """On a page that has just opened the first stop leads past what every page has at its head."""
    if element.evaluate(SKIP):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_function(LANDED)


def tab_to(page: Page, element: ElementHandle) -> None:
    """Press Tab until the element has the focus; it must then be on the screen."""
    skip_to_content(page, element)
    for _ in range(element.evaluate(AHEAD)):
        page.keyboard.press("Tab")
    for _ in range(STOPS):
        if element.evaluate(FOCUSED):
            assert element.evaluate(IN_VIEW), f"focused out of sight: {element}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {element}; the last stop is {page.evaluate(NAME)}")


def focus(element: ElementHandle) -> None:
    """Where Tab is known to come: the stops before it are left out."""
    element.focus()
    assert element.evaluate(f"each => ({FOCUSED})(each) && ({IN_VIEW})(each)"), (
        f"takes no focus, or out of sight: {element}"
    )


def press(page: Page, target: Locator) -> None:
    """Reach a button or link, and use it."""
    tab_to(page, target.element_handle())
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Reach the field of that label and replace what it holds."""
    tab_to(page, page.get_by_label(label, exact=True).element_handle())
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def write_date(page: Page, label: str, typed: str) -> None:
    """A browser's date field takes digits in the order of its locale: `02032026`."""
    tab_to(page, page.get_by_label(label, exact=True).element_handle())
    page.keyboard.type(typed)


def choose(page: Page, label: str, option: str) -> None:
    """Reach a list and type its option, as one does without a mouse."""
    field = page.get_by_label(label, exact=True)
    tab_to(page, field.element_handle())
    page.keyboard.type(option)
    shown = field.evaluate("element => element.selectedOptions[0].textContent.trim()")
    assert shown == option, f"{label}: {option!r} was typed, {shown!r} is chosen"


def tick(page: Page, label: str) -> None:
    """Reach a box, or a radio button by way of its group, and set it."""
    box = page.get_by_label(label, exact=True)
    if box.get_attribute("type") == "radio":
        pick(page, box.element_handle())
    else:
        tab_to(page, box.element_handle())
        page.keyboard.press("Space")
    assert box.is_checked(), f"{label} is not set"


def pick(page: Page, element: ElementHandle) -> None:
    """Tab stops once in a group of radio buttons; the arrows move within it."""
    skip_to_content(page, element)
    group = element.evaluate("element => element.name")
    for _ in range(element.evaluate(AHEAD)):
        page.keyboard.press("Tab")
    for _ in range(STOPS):
        here = page.evaluate("() => document.activeElement.name")
        if element.evaluate(FOCUSED):
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown" if here == group else "Tab")
    raise AssertionError(f"the keyboard never reaches {element}")
