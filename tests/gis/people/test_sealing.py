"""Identity numbers and phones at rest."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gis.models import Resident
from gis.people import sealing
from gis.people.sealing import SealBroken, blind_index, index_all, normalised, open_all, open_seal, seal, seal_all

NUMBER = "110101199003072310"  # its check digit is wrong: nobody has it


@given(st.text(max_size=60))
def test_it_opens_to_what_was_sealed(text):
    assert open_seal(seal(text)) == text


def test_it_never_looks_the_same_twice():
    assert len({seal(NUMBER) for _ in range(50)}) == 50


def test_it_holds_nothing_of_the_text():
    assert NUMBER.encode() not in seal(NUMBER)
    assert NUMBER[-4:].encode() not in blind_index(NUMBER)


@given(st.integers(0, 200), st.integers(1, 255))
def test_it_does_not_open_when_a_single_bit_was_changed(place, change):
    sealed = bytearray(seal(NUMBER))
    place = 1 + place % (len(sealed) - 1)
    sealed[place] ^= change
    with pytest.raises(SealBroken):
        open_seal(bytes(sealed))


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" + b"0" * 12, b"\x01" + b"0" * 20, b"\x02" + b"0" * 40])
def test_it_says_so_when_there_is_nothing_to_open(broken):
    with pytest.raises(SealBroken):
        open_seal(broken)


def test_it_does_not_open_with_another_key(settings):
    sealed = seal(NUMBER)
    settings.PEOPLE_KEY = "another key, just as long as the first one"
    with pytest.raises(SealBroken):
        open_seal(sealed)


def test_its_refusal_tells_nothing_of_the_value():
    with pytest.raises(SealBroken) as refused:
        open_seal(seal(NUMBER)[:-1])
    assert NUMBER not in str(refused.value)
    assert refused.value.__cause__ is None


@given(st.text("0123456789Xx -", min_size=1, max_size=20), st.text("0123456789Xx -", min_size=1, max_size=20))
def test_its_index_is_equal_exactly_when_the_numbers_are(one, other):
    assert (blind_index(one) == blind_index(other)) == (normalised(one) == normalised(other))


def test_its_index_depends_on_the_key_so_that_nobody_else_can_make_one(settings):
    index = blind_index(NUMBER)
    settings.PEOPLE_KEY = "another key, just as long as the first one"
    assert blind_index(NUMBER) != index


def test_its_two_keys_are_not_one():
    assert sealing._derived("a secret", "seal") != sealing._derived("a secret", "index")


def test_a_column_is_sealed_as_its_values_are_and_empty_stays_empty():
    column = [NUMBER, "", None, "13900000000"]
    assert [value and open_seal(value) for value in seal_all(column)] == [NUMBER, None, None, "13900000000"]
    assert index_all(column) == [blind_index(NUMBER), None, None, blind_index("13900000000")]


def test_the_same_number_is_not_stored_twice(db):
    Resident.objects.create(name="甲", area="110113001006", identity_index=blind_index(NUMBER))
    twin = Resident(name="乙", area="110113002001", identity_index=blind_index("1101 0119 9003 0723 10"))
    with pytest.raises(Exception, match="resident_once"):
        twin.save()


def test_a_dump_of_the_table_holds_no_number(db):
    Resident.objects.create(
        name="甲", area="110113001006", identity_sealed=seal(NUMBER), identity_index=blind_index(NUMBER),
        phone_sealed=seal("13900001234"), phone_index=blind_index("13900001234"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM grid_resident r WHERE name = '甲'")
        row = cursor.fetchone()[0]
    for secret in (NUMBER, "13900001234"):
        assert secret not in row
        assert secret.encode().hex() not in row


@given(st.text())
def test_one_spelling_keeps_letters_and_digits_alone(text):
    assert normalised(text) == "".join(sign for sign in text.upper() if sign.isalnum())


def test_a_column_opens_as_its_values_do():
    sealed = [seal("110101"), None, seal("")]
    assert open_all(sealed) == ["110101", "", ""]
    with pytest.raises(SealBroken):
        open_all([*sealed, b"\x01"])
