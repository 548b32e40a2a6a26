"""What a package says, as typed or as a scanner reads it."""

from datetime import date

import pytest

from lysglimt.clinic.chairside.packages import Package, expiry_typed, package_scanned

GTIN = "01" + "0" * 14


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        pytest.param("08.2027", date(2027, 8, 31), id="a month runs to its end"),
        pytest.param("2/2028", date(2028, 2, 29), id="a leap year"),
        pytest.param("2027-08", date(2027, 8, 31), id="the year first"),
        pytest.param("14.08.2027", date(2027, 8, 14), id="a day"),
        pytest.param("13.2027", None, id="no such month"),
        pytest.param("08.1999", None, id="long gone"),
        pytest.param("aug 2027", None, id="words"),
    ],
)
def test_an_expiry_is_read_as_it_stands_on_the_package(typed: str, day: date | None) -> None:
    assert expiry_typed(typed) == day


@pytest.mark.parametrize(
    ("code", "package"),
    [
        pytest.param(
            f"{GTIN}1727083110ABC12", Package("ABC12", date(2027, 8, 31)), id="expiry, then lot"
        ),
        pytest.param(
            f"]d2{GTIN}10ABC12\x1d1727080021SERIAL",
            Package("ABC12", date(2027, 8, 31)),
            id="lot first, day 00 is the end of the month",
        ),
        pytest.param(
            f"{GTIN}11260101\x1d21SER\x1d10L1", Package("L1", None), id="no expiry in it"
        ),
        pytest.param(
            f"(01){'0' * 14}(17)270831(10)ABC12",
            Package("ABC12", date(2027, 8, 31)),
            id="as it is printed beside the code",
        ),
        pytest.param(f"{GTIN}17270231" + "10L1", Package("L1", None), id="no such day"),
        pytest.param(f"{GTIN}17279931" + "10L1", Package("L1", None), id="no such month"),
        pytest.param(f"{GTIN}1727x831" + "10L1", Package("L1", None), id="no number"),
        pytest.param(f"{GTIN}17270831", Package("", date(2027, 8, 31)), id="no lot"),
        pytest.param(
            f"{GTIN}1727083110AB123421SER12345678",
            Package("", date(2027, 8, 31)),
            id="no separator: where the lot ends is not known",
        ),
        pytest.param(
            f"{GTIN}10AB12341727083121SER",
            Package("", None),
            id="no separator: expiry and serial number hang on the lot",
        ),
        pytest.param(f"{GTIN}21SER17270831", Package("", None), id="lost behind the serial"),
        pytest.param(
            f"{GTIN}17270831\x1d10{'A' * 21}",
            Package("", date(2027, 8, 31)),
            id="longer than any lot in a code",
        ),
        pytest.param(
            f"{GTIN}172708312100A1^10AB21C",
            Package("AB21C", date(2027, 8, 31)),
            id="a scanner that sends ^ for the separator",
        ),
        pytest.param(
            f"{GTIN}1727083110AB21C<GS>21SER",
            Package("AB21C", date(2027, 8, 31)),
            id="one that writes it out",
        ),
        pytest.param(
            f"{GTIN}1727083110AB21C|21SER",
            Package("AB21C", date(2027, 8, 31)),
            id="one that sends |",
        ),
        pytest.param("ABC12", None, id="a lot that was typed"),
    ],
)
def test_a_code_gives_lot_and_expiry(code: str, package: Package | None) -> None:
    assert package_scanned(code) == package
