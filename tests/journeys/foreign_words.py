"""English words on a Bokmål page: what nobody translated."""

import re

from playwright.sync_api import Page

SHOWN = """() => { const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const said = walk.currentNode.parentElement;
    if (!said.closest('script, style, .source, [lang=en], [data-untranslated]')) found.push(walk.currentNode.textContent) }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder'])
      if (element.hasAttribute(name)) found.push(element.getAttribute(name));
  return [document.title, ...found].map(text => text.trim()).filter(text => !/^(Kilde:|$)/.test(text)) }"""
"""All that is read or read aloud, but for citations, which stand as their authors wrote them."""

ENGLISH = re.compile(
    r"\b(the|of|with|this|that|these|which|from|are|was|were|has|been|when|what|and|not|is|"
    r"patient's|before|after|given|session|dose card|write|choose|other|yes|save|cancel|show|"
    r"sign|why|reason|day|days|week|weeks|none|nothing|start check|missing|date|name)\b",
    re.IGNORECASE,
)
"""Words that English cannot do without and that are no Norwegian ones."""


KEYS = re.compile(r"\S*\w\.\w\S*")
"""Keys of a protocol, addresses: no language."""


def foreign(page: Page) -> list[str]:
    """Each text with an English word in it."""
    return [text for text in page.evaluate(SHOWN) if ENGLISH.search(KEYS.sub("", text))]
