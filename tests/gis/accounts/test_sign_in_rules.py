"""What rules make of claims, without any provider."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gis.accounts.sign_in_rule import Grant, SignInRule, decide, read_claim
from tests.cast import COMMUNITY, STREET

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def posting(**fields) -> SignInRule:
    return SignInRule(effect="post", **{"role": "street_supervisor", "area_claim": "area"} | fields)


@pytest.mark.parametrize(
    ("claims", "path", "values"),
    [
        ({"groups": ["a", "b"]}, "groups", ["a", "b"]),
        ({"realm_access": {"roles": ["grid"]}}, "realm_access.roles", ["grid"]),
        ({"https://x.example/role": "grid"}, "https://x.example/role", ["grid"]),
        ({"level": 3}, "level", ["3"]),
        ({"staff": True}, "staff", ["true"]),
        ({"area": None}, "area", []),
        ({"area": {"code": "1"}}, "area", []),
        ({"area": "1\n2"}, "area", []),
        ({"area": "1\x00"}, "area", []),
        ({}, "a.b.c", []),
        ({"n": 10**5000}, "n", []),
    ],
)
def test_a_claim_is_read_as_texts(claims, path, values):
    assert read_claim(claims, path) == values


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4), st.text(max_size=8))
def test_no_claims_make_it_fail_and_no_grant_breaks_its_role(claims, path):
    rules = [posting(area_claim=path), posting(claim=path), SignInRule(effect="by_email")]
    decision = decide(rules, claims)
    assert all(grant.area.isascii() and len(grant.area) == 9 for grant in decision.grants)
    assert all(text.isprintable() for text in read_claim(claims, path))


def test_a_rule_holds_for_those_whose_claim_has_its_value():
    rule = posting(claim="groups", value="grid")
    assert rule.holds_for({"groups": ["night", "grid"]})
    assert rule.holds_for({"groups": "grid"})
    assert not rule.holds_for({"groups": ["gridlock"]})
    assert not rule.holds_for({})
    assert posting(claim="groups").holds_for({"groups": ["any"]})
    assert not posting(claim="groups").holds_for({"groups": []})


def test_the_first_rule_that_gives_a_posting_says_how_long():
    rules = [posting(days=5), posting(days=50), posting(days=7, is_active=False)]
    assert decide(rules, {"area": [STREET, COMMUNITY]}).grants == (Grant("street_supervisor", STREET, "", 5),)


def test_accounts_are_looked_for_in_the_order_of_the_rules():
    rules = [SignInRule(effect="by_email"), SignInRule(effect="by_username", account_claim="uid")]
    claims = {"uid": "li", "email": "li@x.example", "email_verified": True}
    assert decide(rules, claims).accounts == (("email", "li@x.example"), ("username", "li"))
    assert decide(rules, claims | {"email_verified": "true"}).accounts == (("username", "li"),)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": ""},
        {"role": "nobody"},
        {"area_claim": ""},
        {"area": STREET},
        {"area": COMMUNITY, "area_claim": ""},
        {"claim": "", "value": "x"},
        {"days": 0},
        {"days": 400},
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(fields, db):
    with pytest.raises(ValidationError):
        posting(**fields).full_clean()
