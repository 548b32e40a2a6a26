"""One session at the chair: the signed order, the observations, the pump, and going home."""

from .board import ObservationShare, OverdueSeen, WallScreen
from .concentration import ConcentrationSetting
from .devices import (
    AnOrder,
    DeviceCheck,
    DeviceOrder,
    DeviceOrderSignature,
    DeviceUse,
    MonitoringForm,
)
from .discharge import Capacity, DischargeRecord, DischargeSignature
from .events import ChairEvent, ChairEventKind, PumpEvent
from .hands import Handover, PaperChart
from .monitor import MonitorDevice, MonitorReading, SetAside
from .off_line import ThrownAway, TypedByAnother
from .order import OrderSignature, PreparationCheck, SessionOrder, StartGateRecord, Waste
from .session import Session
from .vitals import SedationScale, SessionPhase, VitalSet

__all__ = [
    "AnOrder",
    "Capacity",
    "ChairEvent",
    "ChairEventKind",
    "ConcentrationSetting",
    "DeviceCheck",
    "DeviceOrder",
    "DeviceOrderSignature",
    "DeviceUse",
    "DischargeRecord",
    "DischargeSignature",
    "Handover",
    "MonitorDevice",
    "MonitorReading",
    "MonitoringForm",
    "ObservationShare",
    "OrderSignature",
    "OverdueSeen",
    "PaperChart",
    "PreparationCheck",
    "PumpEvent",
    "SedationScale",
    "Session",
    "SessionOrder",
    "SessionPhase",
    "SetAside",
    "StartGateRecord",
    "ThrownAway",
    "TypedByAnother",
    "VitalSet",
    "WallScreen",
    "Waste",
]
