"""Names and phones are kept while they are of use: as long as a case is open, and for a while after it has ended."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from gis.accounts.scope import applied
from gis.incidents.incident import ENDED
from gis.incidents.residents.ground import served
from gis.incidents.residents.reporter import Reporter


def forget_reporters(now: datetime | None = None) -> int:
    """Blank the name and phone left with cases that ended long ago; how many. The report itself stays as it is."""
    oldest = (now or timezone.now()) - timedelta(days=settings.REPORTER_DAYS)
    with applied(served()):
        ended = Reporter.objects.filter(incident__state__in=ENDED).exclude(name="", phone_last4="")
        old = ended.annotate(last=Max("incident__steps__at")).filter(last__lt=oldest).values_list("pk", flat=True)
        return Reporter.objects.filter(pk__in=list(old)).update(name="", phone_sealed=None, phone_last4="")
