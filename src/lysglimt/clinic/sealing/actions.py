"""Making and re-wrapping the data keys."""

from datetime import datetime

from django.db import transaction

from .keyring import RING, masters, new_data_key, unwrapped, wrapped
from .models import DataKey


def make_data_key(*, at: datetime) -> DataKey:
    """From now on new values are sealed with it."""
    made = new_data_key(at)
    made.save(force_insert=True)
    RING.forget()
    return made


@transaction.atomic
def rewrap(*, key: DataKey) -> None:
    """Under the newest master. Killed between two keys, it is taken up again where it was."""
    master = next(iter(masters()))
    row = DataKey.objects.select_for_update().get(pk=key.pk)
    row.wrapped = wrapped(unwrapped(row), name=row.id, master=master)
    row.wrapped_by = master
    row.save(update_fields=["wrapped", "wrapped_by"])
