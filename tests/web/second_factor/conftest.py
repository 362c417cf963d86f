"""Li, who has a second step."""

import pytest

from tests.web.second_factor.steps import forget_used, set_up


@pytest.fixture
def spare(cast, client_of) -> list[str]:
    """Li has set it up; the codes on paper."""
    made = set_up(client_of("li"))
    forget_used(cast.li)
    return made
