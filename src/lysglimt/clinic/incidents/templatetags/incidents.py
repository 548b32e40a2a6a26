"""How an incident is worded on a page."""

from django import template
from django.utils.functional import Promise

from lysglimt.clinic.chairside.models import ChairEventKind
from lysglimt.clinic.chairside.wordings import EVENTS
from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.incidents.showing import graded, heading_of, term_named
from lysglimt.clinic.incidents.wordings import KINDS, REACH, STATES

register = template.Library()
register.filter("term_named", term_named)


@register.filter
def incident_named(row: Incident) -> str:
    return heading_of(row)


@register.filter
def incident_kind(kind: str) -> Promise:
    return KINDS[kind]


@register.filter
def incident_grade(row: Incident) -> str:
    return graded(row)


@register.filter
def duty_word(state: str) -> Promise:
    return STATES[state]


@register.filter
def reach_word(reach: str) -> Promise:
    return REACH[reach]


@register.filter
def tile_word(kind: str) -> Promise:
    return EVENTS[ChairEventKind(kind)]
