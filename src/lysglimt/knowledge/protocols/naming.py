"""What decisions and stop events are called in the reasons of a course."""

from collections.abc import Mapping

from lysglimt.knowledge.text import Text

from .facts import DecisionKind, TriggerKind

DECISION_NAMES: Mapping[DecisionKind, Text] = {
    DecisionKind.END_INDUCTION: Text("avslutte startbehandlingen", "end induction"),
    DecisionKind.RESTART: Text("starte på nytt", "restart"),
    DecisionKind.COUNT_ON: Text("telle videre", "count on"),
    DecisionKind.EXTEND: Text("forlenge", "extend"),
    DecisionKind.MAINTENANCE: Text("vedlikehold", "maintenance"),
    DecisionKind.CONTINUE: Text("fortsette", "continue"),
    DecisionKind.LENGTHEN: Text("forlenge intervallet", "lengthen the interval"),
    DecisionKind.SHORTEN: Text("forkorte intervallet", "shorten the interval"),
    DecisionKind.STOP: Text("stoppe", "stop"),
    DecisionKind.CLOSE: Text("avslutte forløpet", "close the course"),
}
EVENT_NAMES: Mapping[TriggerKind, Text] = {
    TriggerKind.RED_THRESHOLD: Text("rød måling", "red reading"),
    TriggerKind.PSYCHOSIS_OR_MANIA: Text("psykose eller mani", "psychosis or mania"),
    TriggerKind.PREGNANCY: Text("graviditet", "pregnancy"),
    TriggerKind.MISUSE: Text("positiv kartlegging av misbruk", "positive screen for misuse"),
    TriggerKind.LIVER: Text("leverprøver over grensen", "liver tests above the limit"),
    TriggerKind.CYSTITIS: Text("cystitt", "cystitis"),
    TriggerKind.CONSENT_WITHDRAWN: Text("samtykket er trukket", "consent is withdrawn"),
}
