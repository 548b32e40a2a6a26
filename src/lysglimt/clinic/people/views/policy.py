"""The whole policy on one page: who may what, to whom. Everybody who works here may read it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.clinic.people.operations import OPERATIONS
from lysglimt.clinic.people.permissions import SECTIONS
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.table import LETTERS, cell
from lysglimt.clinic.people.wordings import RELATIONS, ROLES, SECTION_WORDS


@require_GET
@allowed("policy")
def policy(request: SignedInRequest) -> HttpResponse:
    sections = [
        (
            SECTION_WORDS[name],
            [
                (OPERATIONS[operation], [cell(operation, role) for role in Role])
                for operation in rows
            ],
        )
        for name, rows in SECTIONS.items()
    ]
    letters = [(letter, RELATIONS[relation]) for relation, letter in LETTERS.items()]
    context = {"sections": sections, "letters": letters, "roles": [ROLES[r] for r in Role]}
    return render(request, "people/policy.html", context)
