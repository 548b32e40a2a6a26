"""How values of the clinic are written on a page, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from lysglimt.clinic.design.bilingual import in_readers
from lysglimt.clinic.design.numerals import day_written, numeral, span_of_minutes, without_zeros
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.design.scales import scale_name
from lysglimt.knowledge.eligibility.criterion import criteria
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.citation import Citation
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

register = template.Library()
register.filter(in_readers)

STANDING_WORDS = {
    Standing.MET: pgettext_lazy("standing", "Met"),
    Standing.NOTE: pgettext_lazy("standing", "Note"),
    Standing.CAUTION: pgettext_lazy("standing", "Caution"),
    Standing.UNKNOWN: pgettext_lazy("standing", "Not clarified"),
    Standing.NEEDS_SPECIALIST: pgettext_lazy("standing", "Needs a specialist's decision"),
    Standing.EXCLUDED: pgettext_lazy("standing", "Excluded"),
}
STANDING_KINDS = {
    Standing.MET: "ok",
    Standing.NOTE: "info",
    Standing.CAUTION: "due",
    Standing.UNKNOWN: "unknown",
    Standing.NEEDS_SPECIALIST: "due",
    Standing.EXCLUDED: "late",
}
KIND_WORDS = {
    "info": gettext_lazy("Information"),
    "ok": gettext_lazy("Done"),
    "due": gettext_lazy("Due"),
    "late": gettext_lazy("Past the limit"),
    "unknown": gettext_lazy("Not clarified"),
    "refused": gettext_lazy("Not accepted"),
}


register.filter(scale_name)


@register.filter
def input_attributes(widget: Mapping[str, Any]) -> SafeString:
    """The class that every input has, and what its widget asks for. A page has half a hundred."""
    more = widget["attrs"].get("class", "")
    return flatatt(widget["attrs"] | {"class": f"ds-input {more}".rstrip()})


@register.filter
def text(statement: Text) -> str:
    """A statement of the clinical core in the reader's language."""
    return statement.in_language(get_language() or "nb")


@register.filter
def decimal(value: object, places: int | None = None) -> str:
    """A number as the reader writes it: ``37,5`` in Bokmål, ``40,0`` to a place. Nothing is said to be missing."""
    if value is None or value == "":
        return gettext("not recorded")
    # A quantity (milligrams, kilograms) carries its number as `value`.
    number = Decimal(str(getattr(value, "value", value)))
    if places is None:
        # 48,500 mg is read as forty-eight thousand: no zeros that only the column has.
        number = without_zeros(number)
    else:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return numeral(number)


@register.filter
def tenth(value: object) -> str:
    """To one place, and no zero behind it: ``47``, ``46,5``."""
    if value is None or value == "":
        return decimal(value)
    number = Decimal(str(getattr(value, "value", value)))
    return decimal(number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


@register.filter
def signed(value: object, places: int | None = None) -> str:
    """A change with its sign: ``+3``, ``−2``, ``0``."""
    written = decimal(value, places)
    return f"+{written}" if written[0].isdigit() and written.strip("0.,") else written


@register.filter
def minutes(length: timedelta | int | None) -> str:
    """``40 min``; from an hour on ``1 h 5 min``."""
    if length is None:
        return gettext("not recorded")
    whole = length // timedelta(minutes=1) if isinstance(length, timedelta) else length
    return span_of_minutes(whole)


@register.filter(expects_localtime=True)
def day(when: date | None) -> str:
    """``14.03.1979`` in Bokmål, ``14 Mar 1979`` in English: never taken for another date."""
    return gettext("not recorded") if when is None else day_written(when)


@register.filter(expects_localtime=True)
def moment(when: datetime | None) -> str:
    """``14.03.2026 09:05``; ``14 Mar 2026 09:05`` in English."""
    return gettext("not recorded") if when is None else f"{day_written(when)} {when:%H:%M}"


@register.filter(expects_localtime=True)
def deadline(when: datetime) -> str:
    """Midnight belongs to the day that ends with it: ``in the course of 14.03.2026``."""
    if when.time() == time():
        ends = day_written(when - timedelta(days=1))
        return gettext("in the course of %(day)s") % {"day": ends}
    return gettext("by %(moment)s") % {"moment": moment(when)}


@register.filter
def finding_title(finding: Finding) -> str:
    """What the criterion of eligibility is about; of other rules nothing, their reason says it."""
    criterion = criteria().get(finding.criterion)
    return text(criterion.title) if criterion else ""


@register.filter
def standing_word(standing: Standing) -> str:
    return str(STANDING_WORDS[standing])


@register.filter
def standing_kind(standing: Standing) -> str:
    """The look of a standing; the word always stands beside it."""
    return STANDING_KINDS[standing]


@register.filter
def kind_word(kind: str) -> str:
    return str(KIND_WORDS[kind])


def cited(source: Citation) -> str:
    """Authors and year when they are known, else title or address."""
    return weighed(source, entitled(source))


def entitled(source: Citation) -> str:
    by = " ".join(part for part in (source.authors, str(source.year or "")) if part)
    return ". ".join(part for part in (by, source.title) if part) or source.address


def weighed(source: Citation, shown: str) -> str:
    return gettext("%(source)s (weak source)") % {"source": shown} if source.low else shown


@register.filter("basis_note")
def basis_aloud(basis: Basis) -> str:
    """As `basis_note`, for a page: a voice reads a title in the language that it is in."""
    source = basis.source
    if basis.mark is not Mark.SEEN or source.language == (get_language() or "nb"):
        return basis_note(basis)
    shown = format_html('<span lang="{}">{}</span>', source.language, entitled(source))
    words = escape(gettext("Source: %(source)s") % {"source": weighed(source, "{}")})
    return format_html(words, shown)


def basis_note(basis: Basis) -> str:
    """On what a judgement rests, in small print. Only what was read shows a citation."""
    match basis.mark:
        case Mark.SEEN:
            return gettext("Source: %(source)s") % {"source": cited(basis.source)}
        case Mark.MEMORY:
            return gettext("Not verified in a source; the unit approves it or sets its own")
        case Mark.OWN:
            return gettext("Own value, not from a study; the unit approves it")


@register.filter
def grounds(findings: Iterable[Finding]) -> list[tuple[Basis, str]]:
    """Each basis once, with the criteria that rest on it."""
    rules: dict[Basis, dict[str, None]] = {}
    for finding in findings:
        rules.setdefault(finding.basis, {})[finding.criterion] = None
    return [(basis, ", ".join(criteria)) for basis, criteria in rules.items()]


@register.filter
def refusal(error: ClinicalError) -> str:
    return sentence(error)


@register.filter
def message_kind(message: Message) -> str:
    """The notice that fits a message of Django's messages."""
    return {
        constants.SUCCESS: "ok",
        constants.WARNING: "due",
        constants.ERROR: "refused",
    }.get(message.level, "info")


@register.filter
def first_control(field: BoundField) -> str:
    """Where the error summary leads: the field, or the first choice of a group."""
    if field.use_fieldset:
        return next((choice.id_for_label for choice in field.subwidgets), field.auto_id)
    return field.id_for_label or field.auto_id


@register.simple_block_tag
def card(content: str, heading: str, *, kind: str = "", anchor: str = "") -> SafeString:
    """``{% card heading="Dose" kind="next" %} … {% endcard %}``: a section with its heading.

    Two cards with the same heading on one page each need an ``anchor`` of their own.
    """
    name = anchor or f"card-{slugify(heading)}"
    return format_html(
        '<section class="card{}" aria-labelledby="{}"><h2 class="card__heading" id="{}">{}</h2>{}</section>',
        f" card--{kind}" if kind else "",
        name,
        name,
        heading,
        content,
    )


@register.inclusion_tag("design/components/downloads.html")
def downloads(title: str, name: str, *keys: object, asked: str = "") -> dict[str, object]:
    """A drawing to take along, in each form; ``asked`` is the query that it answers."""
    query = f"?{asked}" if asked else ""
    return {
        "title": title,
        "files": [
            (ending.upper(), reverse(name, args=[*keys, ending]) + query)
            for ending in ("svg", "png", "pdf")
        ],
    }
