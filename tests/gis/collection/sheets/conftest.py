import pytest


@pytest.fixture
def media(settings, tmp_path):
    """Files of a test's own; and the town's numbers, which are nobody's, count as right."""
    settings.MEDIA_ROOT, settings.SYNTHETIC_IDS = tmp_path, True
    return tmp_path


@pytest.fixture
def he(cast, media):
    """The officer who brings tables."""
    return cast.he
