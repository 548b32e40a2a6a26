"""What a scale is called on a screen: a trade name as it stands, our own in the reader's language."""

from django.utils.translation import gettext, gettext_noop

from lysglimt.knowledge.instruments.instrument import Instrument

OWN = (gettext_noop("Bladder screen"), gettext_noop("Side effects"))
"""Scales of Lysglimt itself; the short names in their files are English."""


def scale_name(scale: Instrument) -> str:
    return gettext(scale.short) if scale.short in OWN else scale.short
