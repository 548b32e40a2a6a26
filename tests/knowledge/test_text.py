from datetime import date
from decimal import Decimal

from lysglimt.knowledge.text import Text


def test_facts_are_written_as_each_language_writes_them() -> None:
    words = Text(nb="{day}: {mg} mg {name}", en="{day}: {mg} mg {name}")
    said = words.filled(
        day=date(2026, 3, 2), mg=Decimal("7.50"), name=Text(nb="zopiklon", en="zopiclone")
    )
    assert said == Text(nb="02.03.2026: 7,5 mg zopiklon", en="2026-03-02: 7.5 mg zopiclone")


def test_a_whole_number_is_written_without_decimals_or_powers_of_ten() -> None:
    assert Text(nb="{n}", en="{n}").filled(n=Decimal(300)).nb == "300"
    assert Text(nb="{n}", en="{n}").filled(n=42).en == "42"
