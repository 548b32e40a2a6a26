"""Each device in words: which it was, of which package, and what spoke against it."""

from collections.abc import Iterator

from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.knowledge.dosing.devices import DeviceAct

from .models import DeviceUse
from .sheet import Sheet
from .showing import at_clock
from .wordings import AGAINST_A_DEVICE


def use_said(sheet: Sheet, row: DeviceUse) -> str:
    """Which it was, of which package, how it was given, and what spoke against it."""
    match DeviceAct(row.act):
        case DeviceAct.GIVEN:
            return ", ".join(given_words(sheet, row))
        case DeviceAct.LOST:
            package = f" ({package_said(row)})" if row.lot else ""
            words = gettext("Device lost, not given")
            return f"{words}{package}: {row.because}"
        case DeviceAct.ENDED:
            words = gettext("No more devices are given")
            return f"{words}: {row.because}"


def use_in_short(sheet: Sheet, row: DeviceUse) -> str:
    """Without its package, and without what anybody wrote of it."""
    match DeviceAct(row.act):
        case DeviceAct.GIVEN:
            return which_given(sheet, row)
        case DeviceAct.LOST:
            return gettext("Device lost, not given")
        case DeviceAct.ENDED:
            return gettext("No more devices are given")


def which_given(sheet: Sheet, row: DeviceUse) -> str:
    given = [one.pk for one in sheet.uses if one.act == DeviceAct.GIVEN]
    if row.pk not in given:
        return gettext("Device given")
    return gettext("Device %s given") % (given.index(row.pk) + 1)


def given_words(sheet: Sheet, row: DeviceUse) -> Iterator[str]:
    yield which_given(sheet, row)
    yield package_said(row)
    if row.begun_at and row.begun_at != row.happened_at:
        yield gettext("begun %s") % at_clock(row.begun_at)
    yield gettext("both nostrils") if row.both_nostrils else gettext("not both nostrils")
    if row.against:
        yield gettext("in spite of: %s") % device_rules_said(row.against)
    if row.because:
        yield row.because


def device_rules_said(rules: str) -> str:
    """Of a device, which rules spoke against it."""
    return "; ".join(str(AGAINST_A_DEVICE.get(rule, rule)) for rule in rules.split())


def package_said(row: DeviceUse) -> str:
    if not row.lot or row.expires_on is None:
        return gettext("lot and expiry not known")
    return gettext("lot %(lot)s, expires %(day)s") % {
        "lot": row.lot,
        "day": day_written(row.expires_on),
    }
