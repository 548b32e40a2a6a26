"""The keys that seal names and free text, each wrapped by a key that the database never holds."""

from typing import ClassVar, Self

from django.db import models


class DataKeyQuerySet(models.QuerySet["DataKey"]):
    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")

    def wrapped_by_others_than(self, master: str) -> Self:
        return self.exclude(wrapped_by=master).order_by("made_at", "id")


class DataKey(models.Model):
    """32 random bytes, wrapped. The newest one seals; all of them open what they have sealed.

    Changing the clinic's key wraps these few rows anew; what they have sealed stays as it is.
    """

    id = models.CharField(primary_key=True, max_length=16)
    made_at = models.DateTimeField()
    made_under = models.CharField(max_length=63)
    wrapped_by = models.CharField(max_length=63)
    wrapped = models.BinaryField()

    objects: ClassVar = DataKeyQuerySet.as_manager()

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset({"id", "made_at", "made_under", "wrapped_by", "wrapped"})

    def __str__(self) -> str:
        return self.id
