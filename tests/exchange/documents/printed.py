"""A printed document as one reads it."""

import re
from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse
from pypdf import PdfReader


def pages_of(file: bytes) -> list[str]:
    """The text of each page, every run of blanks as one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages]


def fetched(client: Client, name: str, *key: Any) -> bytes:
    answer = client.get(reverse(name, args=key))
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "application/pdf"
    assert re.fullmatch(
        r'attachment; filename="lysglimt-[a-z0-9-]+\.pdf"', answer["Content-Disposition"]
    )
    return bytes(answer.content)


def printed(client: Client, name: str, *key: Any) -> str:
    return " ".join(pages_of(fetched(client, name, *key)))
