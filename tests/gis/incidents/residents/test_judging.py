"""What residents are told, and what they may say of the outcome."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.errors import Conflict, NotAllowed, Refused
from gis.incidents.residents.following import open_case
from gis.incidents.residents.judging import appeal, rate
from gis.incidents.residents.progress import progress_of
from gis.models import Incident, Rating
from tests.browsing import as_server
from tests.gis.incidents.loop import WAY, go
from tests.gis.incidents.photos import a_jpeg
from tests.gis.incidents.residents.reporting import reported

pytestmark = pytest.mark.django_db
INSIDE = "内部的话"


@pytest.fixture(autouse=True)
def _photos(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def walked(cast, receipt, until: str) -> Incident:
    incident = Incident.objects.get(number=receipt.number)
    for name, act in WAY:
        if incident.state == until:
            break
        go(cast, name, incident, act, note=INSIDE)
    assert incident.state == until
    return incident


def say(receipt, **said) -> Rating:
    with as_server():
        return rate(open_case(receipt.token), **{"solved": True, "content": 4, "words": "谢谢"} | said)


def ask_again(receipt, words="又漏了", **more):
    with as_server():
        return appeal(open_case(receipt.token), words, **more)


def words_of(receipt) -> list[str]:
    return [event.words for event in progress_of(open_case(receipt.token)).events]


def test_the_way_is_told_in_plain_words_without_what_was_said_inside(cast):
    receipt = reported()
    incident = walked(cast, receipt, "closed")
    go(cast, "zhou", incident, "comment", note=INSIDE)
    go(cast, "zhou", incident, "answer", note="已换新管")
    progress = progress_of(open_case(receipt.token))
    assert progress.now == "已办结"
    assert [reached for _word, reached in progress.marks] == [True] * 4
    told = words_of(receipt)
    assert told[0] == "收到上报"
    assert any("民政" in words for words in told)
    assert "办结" in told
    assert [event.answer for event in progress.events if event.answer] == ["已换新管"]
    assert INSIDE not in repr(progress)
    assert not any(user.name and user.name in repr(progress.events) for user in cast.accounts.values())


def test_what_was_taken_back_is_not_told(cast):
    from gis.incidents.taking_back import undo

    receipt = reported()
    step = go(cast, "zhou", Incident.objects.get(number=receipt.number), "reject")
    undo(step.pk, user=cast.zhou, access=cast.zhou.access)
    assert words_of(receipt) == ["收到上报"]


def test_the_voices_are_counted(cast):
    first = reported()
    reported(same_as=first.number)
    assert progress_of(open_case(first.token)).voices == 2


def test_it_is_rated_once_when_it_is_closed(cast):
    receipt = reported()
    with pytest.raises(NotAllowed):
        say(receipt)
    walked(cast, receipt, "closed")
    assert progress_of(open_case(receipt.token)).may_rate
    rating = say(receipt)
    assert (rating.solved, rating.content, rating.step.act, rating.step.note) == (True, 4, "rate", "谢谢")
    assert progress_of(open_case(receipt.token)).rating == rating
    with pytest.raises(Conflict):
        say(receipt, content=1)


def test_each_voice_rates_for_itself(cast):
    first = reported()
    second = reported(same_as=first.number)
    walked(cast, first, "closed")
    say(first)
    say(second, solved=False, content=1)
    assert sorted(Rating.objects.values_list("content", flat=True)) == [1, 4]


@pytest.mark.parametrize(
    ("field", "said"), [("solved", {"solved": None}), ("content", {"content": None}), ("content", {"content": 6})]
)
def test_a_rating_says_both(cast, field, said):
    receipt = reported()
    walked(cast, receipt, "closed")
    with pytest.raises(Refused) as error:
        say(receipt, **said)
    assert list(error.value.fields) == [field]
    assert not Rating.objects.exists()


def test_it_is_asked_for_again_with_a_photo_and_begins_anew(cast):
    receipt = reported()
    walked(cast, receipt, "closed")
    say(receipt)
    step = ask_again(receipt, photos=[a_jpeg()])
    incident = Incident.objects.get(number=receipt.number)
    assert (incident.state, incident.closed_at, step.note) == ("reported", None, "又漏了")
    assert step.attachments.count() == 1
    with pytest.raises(NotAllowed):
        ask_again(receipt)
    walked(cast, receipt, "closed")
    assert progress_of(open_case(receipt.token)).may_rate  # of the new outcome


def test_it_is_asked_for_again_with_a_reason_only(cast):
    receipt = reported()
    walked(cast, receipt, "closed")
    with pytest.raises(Refused):
        ask_again(receipt, " ")


def test_after_some_days_it_stays_as_it_is(cast, settings):
    receipt = reported()
    walked(cast, receipt, "closed")
    late = timezone.now() + timedelta(days=settings.APPEAL_DAYS, minutes=1)
    assert progress_of(open_case(receipt.token), late).appeal_until is None
    with pytest.raises(NotAllowed):
        ask_again(receipt, at=late)
    assert ask_again(receipt, at=late - timedelta(minutes=2))


def test_a_rejected_one_may_be_asked_for_again(cast):
    receipt = reported()
    go(cast, "zhou", Incident.objects.get(number=receipt.number), "reject")
    assert progress_of(open_case(receipt.token)).appeal_until
    ask_again(receipt)
    assert Incident.objects.get(number=receipt.number).state == "reported"


def test_so_often_and_not_for_ever(cast):
    receipt = reported()
    for _ in range(3):
        walked(cast, receipt, "closed")
        ask_again(receipt)
    walked(cast, receipt, "closed")
    with pytest.raises(NotAllowed):
        ask_again(receipt)
