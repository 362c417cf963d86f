from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.webhooks.signing import FRESH, is_signed, sign

KEY, NOW = b"whsec_trial", 1_767_225_600


def test_it_is_what_the_description_says():
    """By hand: HMAC-SHA-256 of `1767225600.{}` under the key."""
    import hashlib
    import hmac

    by_hand = hmac.new(KEY, b"1767225600.{}", hashlib.sha256).hexdigest()
    assert sign(KEY, b"{}", NOW) == f"t={NOW},v1={by_hand}"


@given(st.binary(max_size=200), st.integers(0, FRESH))
def test_what_is_signed_is_known_as_long_as_it_is_fresh(body, age):
    assert is_signed(KEY, body, sign(KEY, body, NOW), NOW + age)
    assert not is_signed(KEY, body, sign(KEY, body, NOW), NOW + FRESH + 1 + age)


@given(st.binary(max_size=200), st.integers(0, 199))
def test_a_changed_body_is_not(body, at):
    header = sign(KEY, body, NOW)
    assert not is_signed(KEY, body + b" ", header, NOW)
    assert not is_signed(b"other", body, header, NOW)
    if body:
        at %= len(body)
        assert not is_signed(KEY, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :], header, NOW)


@given(st.text(max_size=60))
def test_any_other_header_is_not(header):
    assert not is_signed(KEY, b"{}", header, NOW)
