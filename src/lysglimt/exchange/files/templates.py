"""The four templates: which columns, what they take, and an example of nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.text import Text

from .columns import Column, Kind

MADE_UP_NUMBER = "14837900280"
"""The month is 83: Skatteetaten's test numbers, which no person bears."""


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    name: Text
    about: Text
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(each for each in self.columns if each.name == name)


IDENTITY = Column(
    "identity_number",
    Kind.IDENTITY,
    Text("Fødselsnummer eller D-nummer", "Identity number"),
    MADE_UP_NUMBER,
    required=True,
    longest=20,
)
PATIENTS = Template(
    "patients",
    Text("Pasienter", "Patients"),
    Text(
        "Én rad for hver pasient. Uten fødselsnummer må fødselsdatoen stå.",
        "One row for each patient. Without an identity number the birth date is needed.",
    ),
    (
        Column("identity_number", Kind.IDENTITY, IDENTITY.label, MADE_UP_NUMBER, longest=20),
        Column(
            "given_name",
            Kind.WORDS,
            Text("Fornavn", "Given name"),
            "Kari",
            required=True,
            longest=100,
        ),
        Column(
            "family_name",
            Kind.WORDS,
            Text("Etternavn", "Family name"),
            "Eksempelstad",
            required=True,
            longest=100,
        ),
        Column("birth_date", Kind.DAY, Text("Fødselsdato", "Birth date"), "1979-03-14"),
        Column(
            "sex",
            Kind.CHOICE,
            Text("Kjønn", "Sex"),
            "f",
            choices={
                "f": Text("Kvinne", "Female"),
                "m": Text("Mann", "Male"),
                "u": Text("Ukjent", "Not known"),
            },
        ),
        Column(
            "telephone", Kind.WORDS, Text("Telefon", "Telephone"), "99 99 99 99", longest=20
        ),
        Column("email", Kind.WORDS, Text("E-post", "E-mail"), "kari@example.org", longest=200),
        Column(
            "address", Kind.WORDS, Text("Adresse", "Address"), "Eksempelveien 1", longest=200
        ),
    ),
)
REFERRALS = Template(
    "referrals",
    Text("Henvisninger", "Referrals"),
    Text(
        "Én rad for hver henvisning til en pasient som er registrert.",
        "One row for each referral of a patient who is registered.",
    ),
    (
        IDENTITY,
        Column(
            "received_on",
            Kind.DAY,
            Text("Mottatt", "Received"),
            "2026-03-02",
            required=True,
        ),
        Column(
            "sender_kind",
            Kind.CHOICE,
            Text("Hva slags henviser", "Kind of sender"),
            "gp",
            required=True,
            choices={
                "gp": Text("Fastlege", "GP"),
                "psychiatrist": Text("Psykiater", "Psychiatrist"),
                "other_clinic": Text("Annen klinikk", "Other clinic"),
            },
        ),
        Column(
            "sender_name",
            Kind.WORDS,
            Text("Henviser", "Sender"),
            "Fastlege Eksempel",
            required=True,
            longest=200,
        ),
        Column("start_due", Kind.DAY, Text("Frist for start", "Start due"), "2026-06-01"),
        Column(
            "question",
            Kind.WORDS,
            Text("Henvisningens spørsmål", "Question asked"),
            "Ketamin ved tilbakevendende depresjon?",
            longest=4000,
        ),
    ),
)
SESSIONS = Template(
    "sessions",
    Text("Økter", "Sessions"),
    Text(
        "Én rad for hver økt som er gitt. Mangler forløpet, opprettes det.",
        "One row for each session given. Where the course is missing, it is planned.",
    ),
    (
        IDENTITY,
        Column(
            "protocol",
            Kind.CHOICE,
            Text("Protokoll", "Protocol"),
            "iv-ketamine-no",
            required=True,
            choices={each.id: each.name for each in protocols().values()},
        ),
        Column("given_on", Kind.DAY, Text("Dato", "Date"), "2026-03-16", required=True),
        Column("started_at", Kind.CLOCK, Text("Start", "Start"), "10:00", required=True),
        Column("stopped_at", Kind.CLOCK, Text("Stopp", "Stop"), "10:40", required=True),
        Column("prescribed_mg", Kind.AMOUNT, Text("Forskrevet, mg", "Prescribed, mg"), "40"),
        Column("delivered_mg", Kind.AMOUNT, Text("Gitt, mg", "Delivered, mg"), "40"),
        Column(
            "ended_early",
            Kind.WORDS,
            Text("Avbrutt, hvorfor", "Ended early, why"),
            "",
            longest=200,
        ),
    ),
)
RATINGS = Template(
    "ratings",
    Text("Skåringer", "Ratings"),
    Text(
        "Én rad for hvert utfylt instrument, svarene i rekkefølge; «-» er ikke besvart.",
        "One row for each filled-in instrument, the answers in order; «-» is not answered.",
    ),
    (
        IDENTITY,
        Column(
            "instrument",
            Kind.CHOICE,
            Text("Instrument", "Instrument"),
            "madrs",
            required=True,
            choices={
                each.id: Text(each.short, each.short)
                for each in instruments().values()
                if each.items
            },
        ),
        Column("rated_on", Kind.DAY, Text("Dato", "Date"), "2026-03-15", required=True),
        Column("rated_at", Kind.CLOCK, Text("Klokkeslett", "Time"), "09:00", required=True),
        Column(
            "timing",
            Kind.CHOICE,
            Text("Tidspunkt i forløpet", "Where in the course"),
            "baseline",
            required=True,
            choices={
                "screening": Text("Utredning", "Screening"),
                "baseline": Text("Utgangsverdi", "Baseline"),
                "before_dose": Text("Før dosen", "Before the dose"),
                "after_dose": Text("Etter dosen", "After the dose"),
                "next_day": Text("Dagen etter", "The day after"),
                "evaluation": Text("Evaluering", "Evaluation"),
                "follow_up": Text("Oppfølging", "Follow-up"),
                "other": Text("Annet", "Other"),
            },
        ),
        Column(
            "answers",
            Kind.ANSWERS,
            Text("Svar", "Answers"),
            "4,4,3,4,3,4,4,4,3,1",
            required=True,
        ),
    ),
)
TEMPLATES: Mapping[str, Template] = {
    each.id: each for each in (PATIENTS, REFERRALS, SESSIONS, RATINGS)
}
