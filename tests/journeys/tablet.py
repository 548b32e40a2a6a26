"""A tablet at the chair whose network comes and goes."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Request, expect

from lysglimt.clinic.chairside.models import Session, VitalSet

from .conftest import sign_in

COUNT = "#unsent"


@dataclass(slots=True)
class Tablet:
    """In the hands of whoever is signed in."""

    page: Page
    address: str
    session: Session

    def sign_in(self, client: Client) -> None:
        sign_in(self.page, client, self.address)

    @property
    def path(self) -> str:
        return self.address + reverse("session", args=[self.session.pk])

    def open(self) -> None:
        """Until all that it needs without the network is kept."""
        self.page.goto(self.path)
        self.is_kept()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")

    def is_kept(self) -> None:
        expect(self.page.locator("#off-line[data-state=kept]")).to_be_attached()

    def posted(self) -> list[dict[str, list[str]]]:
        """What goes to the server from now on, as fields, one after the other."""
        sent: list[dict[str, list[str]]] = []

        def hear(request: Request) -> None:
            if request.url.endswith("/outbox/"):
                sent.append(parse_qs(request.post_data or "", keep_blank_values=True))

        self.page.on("request", hear)
        return sent

    def network(self, *, there: bool) -> None:
        self.page.context.set_offline(not there)

    def type_set(self, pressure: str, **more: str) -> None:
        for name, value in {"systolic": pressure, **more}.items():
            field = self.page.locator(f'#vitals-form [name="{name}"]')
            if name in {"not_measured", "comment"} and not field.is_visible():
                self.page.locator(".vitals-more summary").click()
            field.fill(value)
        self.page.locator('#vitals-form [name="systolic"]').press("Enter")

    def keep(self, pressure: str, unsent: int, **more: str) -> None:
        """Typed, and told to be on the tablet."""
        self.type_set(pressure, **more)
        self.waits(unsent)

    def waits(self, unsent: int) -> None:
        rows = self.page.locator("#off-line-list li.unsent__row")
        expect(rows).to_have_count(unsent)

    def unlock(self, code: str) -> None:
        self.page.locator("#code").fill(code)
        self.page.locator("#code").press("Enter")

    def reload_without(self) -> None:
        """The chart, of the patient whose wristband is at hand."""
        self.page.reload()
        self.unlock(self.session.wristband)
        self.page.locator("#confirm-yes").click()
        expect(self.page.locator("#vitals_systolic")).to_be_focused()

    def nothing_waits(self) -> None:
        expect(self.page.locator(COUNT)).to_be_hidden()
        expect(self.page.locator("#off-line-list")).to_be_hidden()


def charted(session: Session) -> list[int | None]:
    """The pressures, as they were stored one after the other."""
    rows = VitalSet.objects.filter(session=session, revision=1).order_by("pk")
    return list(rows.values_list("systolic", flat=True))
