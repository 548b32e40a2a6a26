"""Every write of the trail. Rows are added, never changed."""

from .recording import Deed, digest, record, record_read
from .sealing import day_is_over, newest_seal, seal_day, seal_rows, tell_head

__all__ = [
    "Deed",
    "day_is_over",
    "digest",
    "newest_seal",
    "record",
    "record_read",
    "seal_day",
    "seal_rows",
    "tell_head",
]
