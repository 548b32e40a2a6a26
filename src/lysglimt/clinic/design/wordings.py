"""The sentences for what is refused, the names of fields, and the words of a range."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from .at_the_prompt import AT_THE_PROMPT
from .by_nose import BY_NOSE, FIELDS_BY_NOSE, SAID_WHOLE_BY_NOSE
from .from_monitors import FROM_MONITORS
from .hands import HANDS, SAID_WHOLE_OF_HANDS
from .without_network import SAID_WHOLE_WITHOUT_NETWORK, WITHOUT_NETWORK

WORDINGS: dict[str, Promise] = {
    **(AT_THE_PROMPT | BY_NOSE | FROM_MONITORS | WITHOUT_NETWORK | HANDS),
    "clinical": gettext_lazy("This cannot be done as it stands."),
    "code.malformed": gettext_lazy(
        "“%(value)s” is not an ATC code. It has seven characters, such as N06AB06."
    ),
    "dosing.above-ceiling": gettext_lazy(
        "The dose passes a ceiling. A doctor must override it by name and with a reason."
    ),
    "dosing.above-protocol": gettext_lazy(
        "The dose or the time is beyond the protocol of the course. A doctor must override it by name and with a reason."
    ),
    "dosing.not-offered": gettext_lazy(
        "The rules do not offer this dose now. A doctor answers for it by name and with a reason."
    ),
    "dosing.anaesthetic-sized": gettext_lazy(
        "This is a dose for anaesthesia. It is refused and cannot be overridden."
    ),
    "dosing.too-fast": gettext_lazy(
        "An infusion so short is a bolus. It is refused and cannot be overridden."
    ),
    "dosing.faster-than-prescribed": gettext_lazy("The pump would run faster than prescribed."),
    "dosing.too-weak": gettext_lazy("The solution is too weak for the dose: %(value)s."),
    "dosing.not-an-infusion": gettext_lazy(
        "This protocol does not give an infusion by weight."
    ),
    "dosing.not-in-label": gettext_lazy("The label does not cover this patient."),
    "dosing.not-verified": gettext_lazy("The dose on the pump is not the dose prescribed."),
    "dosing.out-of-sequence": gettext_lazy("The pump cannot have done this at that time."),
    "eligibility.override": gettext_lazy("The deviation lacks a reason or a signature."),
    "entry.implausible": gettext_lazy("This value is not accepted."),
    "file.refused": gettext_lazy("The file was not read; nothing was stored."),
    "import.changed": gettext_lazy(
        "The row is stored with other content. Ask for a revision to change it."
    ),
    "import.nobody-answers": gettext_lazy("Who answers for the import?"),
    "import.not-registered": gettext_lazy("No patient here has this identity number."),
    "import.not-yet": gettext_lazy("It is said to have happened later than now."),
    "import.one-amount": gettext_lazy(
        "The prescribed and the delivered amount belong together; state both or neither."
    ),
    "import.other-course": gettext_lazy("The patient has an open course on another protocol."),
    "import.stops-before-it-starts": gettext_lazy("The session stops before it starts."),
    "instrument.answer-out-of-range": gettext_lazy("This answer is not one of those allowed."),
    "instrument.answers-contradict": gettext_lazy("Two answers exclude each other."),
    "instrument.circumstance-out-of-range": gettext_lazy(
        "What is said of the person is not one of the values allowed."
    ),
    "instrument.nothing-to-score": gettext_lazy("This instrument cannot be scored here."),
    "instrument.too-few-answers": gettext_lazy(
        "Answers are missing. What was not answered must be marked as not answered."
    ),
    "instrument.too-many-answers": gettext_lazy("There are more answers than items."),
    "instrument.unknown-item": gettext_lazy("The instrument has no such item."),
    "score.unreadable": gettext_lazy("The answers could not be read."),
    "server.no_such_role": gettext_lazy("The database has no such role."),
    "server.database_ahead": gettext_lazy("The database is newer than this Lysglimt."),
    "server.misconfigured": gettext_lazy("The configuration holds what cannot be."),
    "server.unready": gettext_lazy("The installation is not ready."),
    "outcome.no-baseline": gettext_lazy(
        "A baseline above zero is missing, so no change can be told."
    ),
    "crosswalk.not-pooled": gettext_lazy(
        "A single patient's score is not converted to another instrument. Only means of a group are."
    ),
    "crosswalk.outside": gettext_lazy(
        "The mean lies outside what the conversion was made from."
    ),
    "eligibility.misfilled": gettext_lazy(
        "A field of the sheet is not known, or holds what it cannot hold."
    ),
    "eligibility.not-overridden": gettext_lazy(
        "The deviation lacks what it needs: a reason, a signature, or a criterion that allows it."
    ),
    "eligibility.not-yet": gettext_lazy("A fact is dated after the day of the assessment."),
    "instrument.wording-altered": gettext_lazy(
        "A text that is shipped with Lysglimt is not the text that was checked."
    ),
    "instrument.wording-in-another-language": gettext_lazy(
        "The questionnaire is in another language than the one chosen."
    ),
    "instrument.wording-misprint": gettext_lazy(
        "The questionnaire holds a misprint that is known from copies in circulation."
    ),
    "instrument.wording-not-a-questionnaire": gettext_lazy(
        "The file is not a FHIR Questionnaire."
    ),
    "instrument.wording-of-another-instrument": gettext_lazy(
        "The questionnaire is that of another instrument."
    ),
    "instrument.wording-other-items": gettext_lazy(
        "The questionnaire has other items than the instrument."
    ),
    "instrument.wording-other-ordinals": gettext_lazy(
        "The answers of the questionnaire score other points than the instrument's."
    ),
    "instrument.wording-refused": gettext_lazy(
        "The questionnaire does not fit its instrument."
    ),
    "instrument.wording-required": gettext_lazy(
        "The patient answers this scale in its official wording. Load the licensed text first."
    ),
    "instrument.wording-without-copyright": gettext_lazy(
        "The questionnaire does not say whose text it is and under which licence."
    ),
    "outcome.mixed-instruments": gettext_lazy(
        "Scores of two instruments have no common change."
    ),
    "outcome.no-total": gettext_lazy(
        "The instrument makes no total, so it has no response and no remission."
    ),
    "safety.no-such-item": gettext_lazy(
        "There is no safety rule for this item, and it must not pass as negative."
    ),
    # The clinic's own.
    "appointment.chair-taken": gettext_lazy("Taken: %(value)s. Choose another time or chair."),
    "appointment.session-given": gettext_lazy(
        "The session has been given meanwhile (%(value)s): its booking is neither moved nor called off."
    ),
    "appointment.booked-anew": gettext_lazy(
        "Somebody has moved this session or called it off meanwhile. Open the course again."
    ),
    "appointment.ends-before-it-starts": gettext_lazy("The appointment ends before it starts."),
    "course.basis-chosen": gettext_lazy(
        "The weight basis of this course is signed. Another one is a correction with its reason."
    ),
    "course.deviation-without-reason": gettext_lazy(
        "This is not the recommended step. Say why it is decided otherwise."
    ),
    "course.unrecommended-without-reason": gettext_lazy(
        "No step is recommended as it stands, often since a rating is missing. Say why this is "
        "decided all the same."
    ),
    "course.outside-age": gettext_lazy(
        "The protocol is for another age. A doctor must say why it is chosen."
    ),
    "course.not-accepted": gettext_lazy(
        "No referral of this patient is accepted. A doctor who plans a course all the same says "
        "why."
    ),
    "course.not-in-study": gettext_lazy(
        "This protocol is given in a registered study alone, and the patient is in none."
    ),
    "course.open": gettext_lazy(
        "The patient has an open course. Another one begins when it is closed."
    ),
    "course.protocol-not-approved": gettext_lazy(
        "The unit's responsible doctor has not approved this version of the protocol."
    ),
    "discharge.changed": gettext_lazy(
        "The discharge record was changed after it was read. Read it again before signing."
    ),
    "discharge.not-ready": gettext_lazy(
        "Keeps the patient here: %(value)s. Put it right, or write who has decided otherwise "
        "and why."
    ),
    "discharge.no-escort": gettext_lazy(
        "Who takes the patient home? Name the escort, or give the decision why there is none."
    ),
    "discharge.not-their-capacity": gettext_lazy(
        "A nurse signs as a nurse and a doctor as a doctor."
    ),
    "discharge.written": gettext_lazy(
        "Somebody has written the discharge record meanwhile. Open the page again and change it."
    ),
    "eligibility.already-signed": gettext_lazy("This decision needs no further signature."),
    "eligibility.decision-gone": gettext_lazy("This decision was struck after it was read."),
    "eligibility.decision-pending": gettext_lazy(
        "An acceptance of this referral waits for its second signature already. Open the page "
        "again: sign that one, or decide anew so that it is taken back."
    ),
    "eligibility.found-since": gettext_lazy(
        "Since the first signature something has come to light that speaks against treatment: "
        "%(value)s. A doctor decides anew."
    ),
    "eligibility.not-corrected": gettext_lazy(
        "A signed decision is not changed. Strike it and decide anew."
    ),
    "eligibility.not-newest": gettext_lazy(
        "The patient was assessed again meanwhile. Read the new assessment before deciding."
    ),
    "eligibility.same-signer": gettext_lazy("The second signature must be another doctor's."),
    "event.no-amount": gettext_lazy("A drug was given: write how much."),
    "history.entered-by-doctor": gettext_lazy(
        "Entered by a doctor (%(value)s): a doctor corrects it or strikes it. What is new, you may add."
    ),
    "history.speaks-against": gettext_lazy(
        "This speaks against treatment (%(value)s): a doctor corrects it or strikes it. What is new, you may add."
    ),
    "taper.over": gettext_lazy("This taper is over. Plan another if it goes on."),
    "order.changed": gettext_lazy(
        "The order was changed after it was read. Read it again before signing."
    ),
    "order.weight-changed": gettext_lazy(
        "%(value)s. Is it right? Weigh anew, then tick and say why."
    ),
    "order.written": gettext_lazy(
        "Somebody has written the order meanwhile. Open the page again and change it."
    ),
    "order.other-weight-basis": gettext_lazy(
        "The order goes by another weight than the one signed for the course, or none is signed."
    ),
    "preparation.same-person": gettext_lazy(
        "Two persons check. The second must be another than the first."
    ),
    "preparation.unchecked": gettext_lazy("A line of the two-person check is not checked."),
    "signature.not-a-doctor": gettext_lazy("Only a doctor signs this."),
    "referral.refusal-incomplete": gettext_lazy(
        "A refusal needs its grounds, a plan and the way to complain."
    ),
    "referral.refusal-without-contact": gettext_lazy(
        "Name who contacts the patient again and on which day, from tomorrow on; or say why nobody does."
    ),
    "registration.not-reserved": gettext_lazy(
        "The patient is not reserved against both, so there is nothing to decide."
    ),
    "session.gate-closed": gettext_lazy(
        "The session cannot start. Nobody has answered for what the start check found: %(value)s."
    ),
    "session.gate-not-done": gettext_lazy(
        "The session cannot start: the start check has not been gone through."
    ),
    "session.order-since-gate": gettext_lazy(
        "The session cannot start: the order was changed after the start check. Go through it anew."
    ),
    "chair.not-yet": gettext_lazy(
        "%(value)s is still to come today, and yesterday was before the session. Look at the clock."
    ),
    "session.before-gate": gettext_lazy(
        "A start cannot be earlier than the start check and the signatures that let it through: %(value)s."
    ),
    "session.measured-since-gate": gettext_lazy(
        "The session cannot start: something was measured after the start check (%(value)s). Go through it anew."
    ),
    "session.red-since-start": gettext_lazy(
        "Do not start: a red reading or a danger sign is charted after the time of this start (%(value)s). "
        "If the pump is started already, pause or stop it first, and chart then what happened."
    ),
    "session.against-since-gate": gettext_lazy(
        "The session cannot start. The record says now: %(value)s."
    ),
    "session.not-overridable": gettext_lazy(
        "Consent, registration, identity, pregnancy, order, two-person check and an open task for "
        "a doctor now are put right before the start. They are not overridden. An exclusion of eligibility (EX-, RX-, IN-) "
        "is lifted by two doctors where eligibility is decided, not at the chair; so is a decision that waits for its "
        "second doctor."
    ),
    "session.needs-another": gettext_lazy(
        "What excludes a start is answered for by another than the one who did the start check."
    ),
    "session.not-finished": gettext_lazy("The pump has not been started and stopped."),
    "session.order-not-signed": gettext_lazy(
        "A doctor has not signed the order for this session."
    ),
    "task.another-day": gettext_lazy(
        "Only what you have said yourself today can be answered anew."
    ),
    "task.acknowledged": gettext_lazy("Somebody else has taken this task already."),
    "task.added-since": gettext_lazy(
        "The patient has answered again after this was told. See the patient, and write what was done."
    ),
    "task.doctor-of-another-unit": gettext_lazy(
        "Choose a doctor of the unit that the task belongs to."
    ),
    "task.no-doctor-asked": gettext_lazy(
        "The task asks for no doctor. Whoever takes it writes what was done."
    ),
    "task.not-the-doctor-named": gettext_lazy(
        "Another doctor is said to have seen the patient. That doctor confirms it, or you write "
        "what you have done."
    ),
    "task.reported-anew": gettext_lazy(
        "Something else has been told since. Read it before it is confirmed."
    ),
    "task.seen-at-another-time": gettext_lazy(
        "The time lies before the task was opened or last added to, or has not come yet."
    ),
    "task.receiver-not-a-doctor": gettext_lazy(
        "The answers ask for a doctor. Choose a doctor who sees to the patient."
    ),
    "task.nothing-said": gettext_lazy("Write what was done. A task is not closed without it."),
    "event.intent-lost": gettext_lazy(
        "That new suicidal intent or plan was said is taken back by a doctor alone. One has been asked for: tell the doctor what was meant."
    ),
    "vitals.red-lost": gettext_lazy(
        "Red is taken out of the chart by a doctor alone: %(value)s. Measure again: a reading in range answers a red one. Of a danger sign, a new observation says when it is over."
    ),
    "vitals.nothing-measured": gettext_lazy(
        "Nothing was measured. Enter a reading, or the reason why there is none."
    ),
    "waiting.no-interval": gettext_lazy(
        "Say how many days until the patient is contacted again."
    ),
    "fact.contradicted": gettext_lazy("Another entry with the same id says something else."),
    "identity.refused": gettext_lazy("This is not an identity number."),
    "patient.perhaps_registered": gettext_lazy("This patient may be registered already."),
    "patient.registered": gettext_lazy("This patient is registered already."),
    "backup.another_key": gettext_lazy("The backup is sealed with another key."),
    "backup.damaged": gettext_lazy("The backup is damaged."),
    "backup.not_empty": gettext_lazy("The database is in use; nothing was restored."),
    "backup.not_possible": gettext_lazy("The database could not be copied."),
    "proof.not_tried": gettext_lazy("The promise could not be tried."),
    "sealed.locked": gettext_lazy("A key is missing: those who run the system must add it."),
    "sealed.unreadable": gettext_lazy(
        "This cannot be read with the keys of this installation."
    ),
}
"""By the code of the refusal. A wording may name its facts: ``%(value)s``."""

SAID_WHOLE = frozenset(
    {
        *("appointment.booked-anew", "discharge.changed"),
        *("discharge.no-escort", "discharge.not-their-capacity", "event.intent-lost"),
        *("discharge.written", "dosing.out-of-sequence", "event.no-amount"),
        *("order.changed", "order.other-weight-basis", "order.written"),
        *("preparation.same-person", "preparation.unchecked", "session.gate-not-done"),
        *("session.needs-another", "session.not-finished", "session.not-overridable"),
        *("session.order-not-signed", "session.order-since-gate", "signature.not-a-doctor"),
        *(*SAID_WHOLE_BY_NOSE, *SAID_WHOLE_WITHOUT_NETWORK, *SAID_WHOLE_OF_HANDS),
        "vitals.nothing-measured",
    }
)
"""The sentence says all that a reader needs: the facts of these are names for the log."""

FIELDS: dict[str, Promise] = {
    **FIELDS_BY_NOSE,
    "action_taken": gettext_lazy("what was done"),
    "amount": gettext_lazy("amount"),
    "basis": gettext_lazy("weight basis"),
    "capacity": gettext_lazy("signs as"),
    "chair": gettext_lazy("chair"),
    "checked_by": gettext_lazy("checked by"),
    "copyright": gettext_lazy("copyright"),
    "deviation": gettext_lazy("reason for the deviation"),
    "ends_at": gettext_lazy("end"),
    "escort_name": gettext_lazy("escort"),
    "every_days": gettext_lazy("days between contacts"),
    "file": gettext_lazy("file"),
    "language": gettext_lazy("language"),
    "lines": gettext_lazy("points of the check"),
    "mean": gettext_lazy("mean"),
    "patients": gettext_lazy("number of patients"),
    "protocol": gettext_lazy("protocol"),
    "referral": gettext_lazy("referral"),
    "reason": gettext_lazy("reason"),
    "age": gettext_lazy("age"),
    "answers": gettext_lazy("number of answers"),
    "baseline": gettext_lazy("baseline"),
    "concentration_mg_ml": gettext_lazy("concentration (mg/ml)"),
    "dose_mg": gettext_lazy("dose (mg)"),
    "dose_mg_per_kg": gettext_lazy("dose by weight (mg/kg)"),
    "education_years": gettext_lazy("years of education"),
    "events": gettext_lazy("events of the pump"),
    "height_cm": gettext_lazy("height (cm)"),
    "instrument": gettext_lazy("instrument"),
    "item": gettext_lazy("item"),
    "mg_per_kg": gettext_lazy("dose by weight (mg/kg)"),
    "minutes": gettext_lazy("minutes"),
    "rate_ml_h": gettext_lazy("rate (ml/h)"),
    "rate_ml_per_h": gettext_lazy("rate (ml/h)"),
    "sedation_scale": gettext_lazy("sedation scale"),
    "sex": gettext_lazy("sex"),
    "weight_kg": gettext_lazy("weight (kg)"),
}
"""What a field is called on the screen; one that is not here keeps its own name."""

CONNECTIVES: dict[str, Promise] = {
    "above": pgettext_lazy("range", "above"),
    "after": pgettext_lazy("range", "after"),
    "no later than": pgettext_lazy("range", "no later than"),
    "or more": pgettext_lazy("range", "or more"),
    "below": pgettext_lazy("range", "below"),
    "from": pgettext_lazy("range", "from"),
    "or": pgettext_lazy("range", "or"),
    "to": pgettext_lazy("range", "to"),
    "up to": pgettext_lazy("range", "up to"),
    "whole": pgettext_lazy("range", "whole"),
    "whole devices of": pgettext_lazy("range", "whole devices of"),
    "whole minutes": pgettext_lazy("range", "whole minutes"),
}
"""The words between the numbers of an allowed range, longest first when they are looked for."""
