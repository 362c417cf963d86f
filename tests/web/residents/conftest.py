import pytest


@pytest.fixture(autouse=True)
def _nobody_has_spoken_yet(db: None) -> None:
    """Without what the town's own residents said: tests count what theirs say."""
    from gis.models import Follow, Rating

    Rating.objects.all().delete()
    Follow.objects.all().delete()
