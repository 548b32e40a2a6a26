"""Who asks: looked up at every request, by what the sign-in keeps of them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import BigIntegerField

from .asked import Question
from .models import Professional

WHO = Question[Professional](
    lambda key: Professional.objects.filter(pk=key), of=(BigIntegerField(),)
)


class WhoAsks(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Professional | None:
        """Nobody whose account is closed."""
        found = next(iter(WHO.rows(user_id)), None)
        return found if found and self.user_can_authenticate(found) else None
