"""Who keeps the administrator's pages: of the whole district, and of one street."""

import pytest

from gis.models import Posting


@pytest.fixture
def admin(client_of):
    return client_of("admin")


@pytest.fixture
def street_admin(cast, client_of):
    """Chen made an administrator of the other street instead."""
    Posting.objects.filter(user=cast.chen).update(role="administrator")
    return client_of("chen")
