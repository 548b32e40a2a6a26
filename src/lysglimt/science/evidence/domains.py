"""What certainty is judged by: the five domains of GRADE, and how serious the concern is."""

from enum import StrEnum


class Domain(StrEnum):
    RISK_OF_BIAS = "risk-of-bias"
    INCONSISTENCY = "inconsistency"
    INDIRECTNESS = "indirectness"
    IMPRECISION = "imprecision"
    PUBLICATION_BIAS = "publication-bias"


class Concern(StrEnum):
    NONE = "none"
    SERIOUS = "serious"
    VERY_SERIOUS = "very-serious"
