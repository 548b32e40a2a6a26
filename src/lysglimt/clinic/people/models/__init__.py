"""Who is treated, who treats, and where."""

from .closing import Block, EmergencyAccess, EmergencyEnd, EmergencyReview
from .patients import (
    KINSHIP_WORDS,
    Contact,
    Kinship,
    OfPatient,
    Particulars,
    Patient,
    PatientCard,
    PatientDetails,
    PatientToken,
    Relative,
    RelativeCard,
    Sex,
)
from .staff import (
    DecisionSupportStatement,
    KeptForm,
    LegalEntity,
    Professional,
    Unit,
    UnitKind,
)

__all__ = [
    "KINSHIP_WORDS",
    "Block",
    "Contact",
    "DecisionSupportStatement",
    "EmergencyAccess",
    "EmergencyEnd",
    "EmergencyReview",
    "KeptForm",
    "Kinship",
    "LegalEntity",
    "OfPatient",
    "Particulars",
    "Patient",
    "PatientCard",
    "PatientDetails",
    "PatientToken",
    "Professional",
    "Relative",
    "RelativeCard",
    "Sex",
    "Unit",
    "UnitKind",
]
