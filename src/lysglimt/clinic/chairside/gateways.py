"""Is a sender one monitor, or a gateway with several behind it?"""

from collections.abc import Collection
from datetime import datetime, timedelta

from lysglimt.clinic.people.models import Unit

from .models import MonitorDevice, SetAside

LATELY = timedelta(hours=12)
"""So long a name that was set aside counts: a bed that was named once makes no gateway. [own-proposal]"""


def seen_behind(unit: Unit, senders: Collection[str], *, at: datetime) -> set[str]:
    """Those of the senders behind which a device has named itself: bound, or set aside lately."""
    if not senders:
        return set()
    found = set[str]()
    lately = SetAside.objects.filter(received_at__gt=at - LATELY)
    for rows in (MonitorDevice.objects.all(), lately):
        named = rows.filter(unit=unit, sender__in=senders).exclude(device="")
        pairs = named.order_by().values_list("sender", "device").distinct()
        found |= {sender for sender, device in pairs if device != sender}
    return found


def is_sender_itself(sender: str, device: str) -> bool:
    """It is named by the application that sends: nothing nearer stood in the message."""
    return bool(sender) and device == sender
