"""Taking a second step away from whoever has lost the phone: by an administrator, or by the operator."""

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from gis.models import SecondFactor
from tests.browsing import Browser
from tests.web.second_factor.steps import give_password, is_in, set_up


def test_an_administrator_sees_who_has_it_and_resets_it_with_a_record(admin, spare, cast):
    listed = admin.get("/admin/grid/user/?second_factor=yes").context["cl"].result_list
    assert [user.username for user in listed] == ["li"]
    phone = Browser()
    give_password(phone)
    phone.post("/sign-in/second/", {"code": spare[0]})
    assert is_in(phone)
    admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.li.pk]})
    assert not SecondFactor.objects.filter(user=cast.li).exists()
    assert not Session.objects.filter(session_key=phone.session.session_key).exists()
    assert LogEntry.objects.filter(object_id=str(cast.li.pk), user=cast.admin).exists()


def test_an_administrator_of_elsewhere_resets_nothing(street_admin, spare, cast):
    street_admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.li.pk]})
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_nobody_resets_their_own(admin, cast):
    set_up(admin)
    admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.admin.pk]})
    assert SecondFactor.objects.filter(user=cast.admin).exists()


def test_the_operator_resets_it_for_whom_nobody_else_can(spare, cast):
    call_command("reset_second_factor", "li", stdout=StringIO())
    assert not SecondFactor.objects.exists()
    for name in ("li", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)
