"""Whatever is sent to whichever address: an answer that is documented, and never a crash."""

import os
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import STAFF, Role
from lysglimt.server.demo.clinic import populated
from lysglimt.server.demo.stories import STORIES
from tests import databases
from tests.faults.addresses import DOCUMENT, OPERATIONS, SCHEMA, Caller, typed

pytestmark = pytest.mark.fuzz
FULLEST = Role.PSYCHIATRIST
"""Of all roles it has the most rows in the policy."""
EXAMPLES = 15 if databases.POSTGRESQL else 100
"""The second database is for what it alone refuses; the other roles for what they alone may."""
LONG = os.environ.get("LYSGLIMT_LONG") == "true"
"""Asked for by `make test-long`: every role that can sign in, not the fullest alone."""
ROLES = tuple(STAFF) if LONG else (FULLEST,)

People = Mapping[Role, Professional]


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[People]:
    """A clinic with every story, gone again after these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        told = list(populated(patients=len(STORIES), seed=1, now=timezone.now()))
        yield told[0].case.clinic.staff
        transaction.set_rollback(True)


def cases(path: str, method: str) -> st.SearchStrategy[Any]:
    """Half as the document asks, half against it."""
    operation = SCHEMA[path][method]
    return st.one_of(*(operation.as_strategy(mode) for mode in schemathesis.GenerationMode))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "operation"),
    [
        pytest.param(role, one, id=f"{role}: {one[1]} {one[0]}")
        for role, one in product(ROLES, OPERATIONS)
    ],
)
def test_every_address_answers_as_documented(
    people: People, role: Role, operation: tuple[str, str]
) -> None:
    path, method = operation
    documented = {int(code) for code in DOCUMENT["paths"][path][method.lower()]["responses"]}
    caller = Caller(people[role], path)
    known, offered = caller.known(), caller.offered()

    @settings(
        max_examples=EXAMPLES if role is FULLEST else EXAMPLES // 5,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=cases(path, method), keys=st.data(), filled=typed(offered))
    def answers(case: Any, keys: Any, filled: dict[str, str]) -> None:
        if known and keys.draw(st.integers(0, 9)):
            case.path_parameters |= {
                name: str(keys.draw(st.sampled_from(values))) for name, values in known.items()
            }
        body = {**case.body, **filled} if isinstance(case.body, dict) else case.body
        query = urlencode(case.query or {}, doseq=True, errors="replace")
        with transaction.atomic():
            reply = caller.send(method, case.formatted_path, query, body)
            transaction.set_rollback(True)
        assert reply.status_code in documented
        assert reply.status_code < 500 or path == "/readyz"

    answers()
