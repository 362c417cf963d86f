"""A change that began at midnight holds with the first request of the day, also where no worker has run."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.incidents.category_changing import change_category
from gis.models import Category
from web.new_day import NewDayMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind(cast) -> Category:
    """A category whose columns still say what held yesterday."""
    category = Category.objects.get(kind="community", code="C0301")
    change_category(category, {"name": "从今天起的名称"}, user=cast.li)
    Category.objects.filter(pk=category.pk).update(name=category.name, next_at=timezone.now() - timedelta(seconds=1))
    return category


def test_the_first_request_of_a_day_brings_the_columns_up_to_it(behind, client, monkeypatch):
    monkeypatch.setattr(NewDayMiddleware, "day", timezone.localdate() - timedelta(days=1))
    assert "从今天起的名称" in client.get("/report/").content.decode()
    assert NewDayMiddleware.day == timezone.localdate()
    behind.refresh_from_db()
    assert behind.next_at is None


def test_the_others_ask_nothing(behind, client, monkeypatch):
    monkeypatch.setattr(NewDayMiddleware, "day", timezone.localdate())
    assert "从今天起的名称" not in client.get("/report/").content.decode()
