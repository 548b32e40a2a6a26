"""Why a delivery was not taken: the reason is a word that stays, and a sentence in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text


class Reason(StrEnum):
    NOT_A_PACKAGE = "not-a-package"
    UNKNOWN_UNIT = "unknown-unit"
    TAMPERED = "tampered"
    WRONG_SCHEMA = "wrong-schema"
    OLDER = "older"
    BRANCHED = "branched"
    NARROWER = "narrower"
    NOT_YET = "not-yet"
    LEGAL_BASIS = "legal-basis"
    NO_UNIT = "no-unit"
    RESERVED = "reserved"
    NAMELESS_CHOICE = "nameless-choice"
    NOT_VALID = "not-valid"


SAID: Mapping[Reason, Text] = {
    Reason.NOT_A_PACKAGE: Text(
        nb="Dette er ingen pakke, eller den er skadet: {found}.",
        en="This is no package, or it is damaged: {found}.",
    ),
    Reason.UNKNOWN_UNIT: Text(
        nb="Enhet {found} er ikke kjent her. Kjente enheter: {allowed}.",
        en="Unit {found} is not known here. Known units: {allowed}.",
    ),
    Reason.TAMPERED: Text(
        nb="Pakken er ikke slik enheten undertegnet den: {found}.",
        en="The package is not as the unit signed it: {found}.",
    ),
    Reason.WRONG_SCHEMA: Text(
        nb="Pakken er skrevet etter en annen kodebok: {found}. Her gjelder: {allowed}.",
        en="The package was written by another code book: {found}. Here it is: {allowed}.",
    ),
    Reason.OLDER: Text(
        nb="Versjon {found} er eldre enn den som er her, eller en annen med samme nummer. Tillatt: {allowed} eller mer.",
        en="Version {found} is older than what is here, or another of the same number. Allowed: {allowed} or more.",
    ),
    Reason.BRANCHED: Text(
        nb="Pakken bygger ikke på den siste som er her, men på {found}. Tillatt: {allowed}.",
        en="The package does not follow the last one here, but {found}. Allowed: {allowed}.",
    ),
    Reason.NARROWER: Text(
        nb="Perioden {found} dekker ikke det som er levert før: {allowed}.",
        en="The period {found} does not cover what was delivered before: {allowed}.",
    ),
    Reason.NOT_YET: Text(
        nb="Pakken gjelder en dag som ikke har vært: {found}. Tillatt: til og med {allowed}.",
        en="The package is of a day still to come: {found}. Allowed: until {allowed}.",
    ),
    Reason.LEGAL_BASIS: Text(
        nb="Rettslig grunnlag {found} er ikke det enheten har: {allowed}.",
        en="The legal basis {found} is not the one the unit has: {allowed}.",
    ),
    Reason.NO_UNIT: Text(
        nb="Tabellen unit har ingen gyldig rad for enhet {found}.",
        en="The table unit has no valid row of unit {found}.",
    ),
    Reason.RESERVED: Text(
        nb="Rader om noen som har reservert seg er med: {found}. De skal ikke leveres.",
        en="Rows of someone who has opted out are in it: {found}. They are not to be delivered.",
    ),
    Reason.NAMELESS_CHOICE: Text(
        nb="Et valg om registrering sier ikke hvem det gjelder: registration, rad {found}.",
        en="A choice of registration does not say whose it is: registration, row {found}.",
    ),
    Reason.NOT_VALID: Text(
        nb="Leveransen stemmer ikke med kodeboken: {found} funn. Kjør «lysglimt register validate».",
        en="The delivery does not agree with the code book: {found} findings. Run “lysglimt register validate”.",
    ),
}


class PackageRefused(ClinicalError):
    """Nothing of the package was taken. ``reason`` is stable; ``text`` says it with its facts."""

    code = "register.package-refused"

    def __init__(self, reason: Reason, *, found: object = "", allowed: object = "") -> None:
        self.reason = reason
        self.text = SAID[reason].filled(found=found, allowed=allowed)
        super().__init__(f"{reason}: {self.text.en}", field="package", value=reason.value)
