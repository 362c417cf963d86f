"""The jobs by name; procrastinate looks for them here. What each does is in `web.jobs`."""

from functools import cache

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

#: What somebody waits for by the minute: a worker of its own does it while another makes reports (`web.start.serve`).
PROMPT = "prompt"
#: Seconds without a sign of life after which a worker is taken for dead and its job given to another.
_SILENCE = 30
#: A system that does not take the word of a sign-out is told again after 4, 16, 64 … seconds: 90 minutes in all.
_TELLING = RetryStrategy(max_attempts=6, exponential_wait=4)


@app.task(name="make_report", retry=RetryStrategy(max_attempts=3, wait=2))
def make_report(report_id: int) -> None:
    from web.jobs.reports import make

    make(report_id)


@app.task(name="make_shared_file", retry=RetryStrategy(max_attempts=3, wait=2))
def make_shared_file(export_id: int) -> None:
    """Make a file of what a department's subscription grants."""
    from django.db import close_old_connections

    from gis.collection.sharing.exporting import make_export

    close_old_connections()
    make_export(export_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="clear_shared_files", queueing_lock="clear_shared_files")
def clear_shared_files(timestamp: int) -> None:
    """Delete files that were kept long enough, and notes of changes that every feed has seen."""
    from gis.collection.sharing.exporting import clear_exports
    from gis.collection.sharing.feed import forget_seen_changes

    clear_exports()
    forget_seen_changes()


@app.periodic(cron="*/10 * * * *")
@app.task(name="bring_feeds_to_day", queueing_lock="bring_feeds_to_day")
def bring_feeds_to_day(timestamp: int) -> None:
    """Soon after midnight look at everybody for the feeds that are followed; the rest of the day there is none."""
    from django.db import close_old_connections
    from django.utils import timezone

    from gis.collection.sharing.preparing import prepare_followed

    close_old_connections()
    prepare_followed(timezone.localdate())


@app.task(name="prepare_feed", retry=RetryStrategy(max_attempts=3, wait=2))
def prepare_feed(subscription_id: int) -> None:
    """Look at everybody for the feed of a large area, whose reader comes again when it is ready."""
    from django.db import close_old_connections
    from django.utils import timezone

    from gis.collection.sharing.preparing import prepare

    close_old_connections()
    prepare(subscription_id, timezone.localdate())


@app.task(name="propose_cells", retry=RetryStrategy(max_attempts=3, wait=2))
def propose_cells(proposal_id: int) -> None:
    """Make one proposal of cells for a plan."""
    from django.db import close_old_connections

    from web.jobs.proposals import propose

    close_old_connections()
    propose(proposal_id)


@app.task(name="open_plan", retry=RetryStrategy(max_attempts=3, wait=2))
def open_plan(opening_id: int) -> None:
    """Prepare a plan of a large area."""
    from django.db import close_old_connections

    from web.jobs.openings import open_ordered

    close_old_connections()
    open_ordered(opening_id)


@app.task(name="check_boundaries", retry=RetryStrategy(max_attempts=3, wait=2))
def check_boundaries(user_id: int, language: str) -> None:
    """Look for what is wrong with the boundaries that a user has under repair."""
    from django.db import close_old_connections

    from web.jobs.repairs import check

    close_old_connections()
    check(user_id, language)


@app.task(name="check_hotline", retry=RetryStrategy(max_attempts=3, wait=2))
def check_hotline(file_id: int) -> None:
    """Check an export of the hotline: judge its rows, file nothing."""
    from django.db import close_old_connections

    from web.jobs.hotline import check_file

    close_old_connections()
    check_file(file_id, lambda: check_hotline.defer(file_id=file_id))


@app.task(name="file_hotline", retry=RetryStrategy(max_attempts=3, wait=2))
def file_hotline(file_id: int) -> None:
    """File some of the rows of an export; where more are left, another job takes its turn."""
    from django.db import close_old_connections

    from web.jobs.hotline import file_rows

    close_old_connections()
    file_rows(file_id, lambda: file_hotline.defer(file_id=file_id))


@app.task(name="check_sheet", retry=RetryStrategy(max_attempts=3, wait=2))
def check_sheet(sheet_id: int) -> None:
    """Hold a department's table against the people of its ground."""
    from django.db import close_old_connections

    from web.jobs.sheets import check_sheet as check

    close_old_connections()
    check(sheet_id)


@app.task(name="file_sheet", retry=RetryStrategy(max_attempts=3, wait=2))
def file_sheet(sheet_id: int) -> None:
    """Write some rows of a department's table; where more are left, another job takes its turn."""
    from django.db import close_old_connections

    from web.jobs.sheets import file_sheet as write

    close_old_connections()
    write(sheet_id, lambda: file_sheet.defer(sheet_id=sheet_id))


@app.periodic(cron="52 * * * *")
@app.task(name="clear_sheets", queueing_lock="clear_sheets")
def clear_sheets(timestamp: int) -> None:
    """Throw away tables that nobody went on with, and rows that nobody looked at."""
    from django.utils import timezone

    from gis.collection.sheets.bringing import clear_outlived

    clear_outlived(timezone.now())


@app.periodic(cron="47 * * * *")
@app.task(name="clear_hotline", queueing_lock="clear_hotline")
def clear_hotline(timestamp: int) -> None:
    """Throw away exports that nobody went on with."""
    from django.utils import timezone

    from gis.hotline.uploading import clear_abandoned

    clear_abandoned(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="clear_reports", queueing_lock="clear_reports")
def clear_reports(timestamp: int) -> None:
    from gis.reports.ordering import clear_outlived

    clear_outlived()


@app.periodic(cron="23 * * * *")
@app.task(name="clear_photos", queueing_lock="clear_photos")
def clear_photos(timestamp: int) -> None:
    """Remove photo files whose report was never stored: the server was killed in between."""
    from gis.incidents.photo_clearing import clear_orphans

    clear_orphans()


@app.periodic(cron="*/2 * * * *")
@app.task(name="write_pairs", queueing_lock="write_pairs")
def write_pairs(timestamp: int) -> None:
    """Write the letter pairs of new texts into the lists that a search for words is answered from."""
    from gis.incidents.pair_writing import write_pairs as write

    write()


@app.periodic(cron="37 * * * *")
@app.task(name="forget_reporters", queueing_lock="forget_reporters")
def forget_reporters(timestamp: int) -> None:
    """Forget who reported what ended long ago, and how often anybody did what more than a day ago."""
    from gis.incidents.residents.allowance import clear_spent
    from gis.incidents.residents.forgetting import forget_reporters

    clear_spent()
    forget_reporters()


@app.periodic(cron="29 2 * * *")
@app.task(name="retire", lock="retire", queueing_lock="retire", retry=RetryStrategy(max_attempts=3, wait=600))
def retire(timestamp: int) -> None:
    """Delete what is kept no longer: people gone for long, old facts, photos, logs."""
    from web.jobs.retiring import retire_nightly

    retire_nightly()


@app.periodic(cron="41 4 * * *")
@app.task(name="forget_neighbours", queueing_lock="forget_neighbours")
def forget_neighbours(timestamp: int) -> None:
    """Delete the names and phones left with wishes that ended long ago."""
    from gis.commons.wishing import forget_neighbours

    forget_neighbours()


@app.periodic(cron="*/5 * * * *")
@app.task(name="forecast", queueing_lock="forecast")
def forecast(timestamp: int) -> None:
    """Try and make the forecast of incidents once a day; five minutes after the first start there is one."""
    from layers.forecast import is_due, make_forecast

    if is_due():
        make_forecast()


@app.task(name="reset_deadlines", retry=RetryStrategy(max_attempts=5, wait=5))
def reset_deadlines(old: dict) -> None:
    """Count the time limits of open cases anew, after the calendar was another one."""
    from gis.incidents.holidays import YearCalendar
    from gis.incidents.resetting import put_on

    put_on(YearCalendar.from_json(old))


@app.task(name="recount_category", retry=RetryStrategy(max_attempts=5, wait=5))
def recount_category(category: int, areas: list[str], user: int) -> None:
    """Count the time limits of a category's open cases anew, where whoever changed it asked for that."""
    from gis.accounts.scope import Scope
    from gis.incidents.category_recount import recount
    from gis.models import Category, User

    recount(Category.objects.get(pk=category), Scope(tuple(areas)), User.objects.get(pk=user))


@app.periodic(cron="* * * * *")
@app.task(name="keep_categories", queue=PROMPT, lock="keep_categories", queueing_lock="keep_categories")
def keep_categories(timestamp: int) -> None:
    """Let the changes of categories that have begun stand in their columns."""
    from gis.incidents.category_changing import keep_up

    keep_up()


@app.periodic(cron="17 3 * * *")
@app.task(name="set_alarms", queueing_lock="set_alarms")
def set_alarms(timestamp: int = 0) -> None:
    """Let every open case have the alarms the rules of today ask for: imported ones, and after a rule has changed."""
    from gis.incidents.resetting import set_all_alarms

    set_all_alarms()


@app.periodic(cron="* * * * *")
@app.task(name="ring", queue=PROMPT, lock="ring", queueing_lock="ring", priority=1)
def ring(timestamp: int) -> None:
    """Remind of what comes near its limit or passes it, and let it go up a level."""
    from django.utils import timezone

    from gis.incidents.reminders.ringing import ring as ring_alarms

    _set_alarms_once()
    ring_alarms(timezone.now())


@cache
def _set_alarms_once() -> None:
    """A database that never had alarms (a new town, an upgrade) gets them in the first minute, not the first night."""
    from gis.incidents.resetting import set_all_alarms
    from gis.models import Alarm

    if not Alarm.objects.exists():
        set_all_alarms()


@app.periodic(cron="* * * * *")
@app.task(name="send_mail", queue=PROMPT, lock="send_mail", queueing_lock="send_mail")
def send_mail(timestamp: int) -> None:
    """Send reminders that wait, and the digests whose hour has come."""
    from django.utils import timezone

    from web.jobs.digests import send_digests
    from web.jobs.mailing import send_waiting

    send_waiting(timezone.now())
    send_digests(timezone.now())


@app.task(name="deliver_webhooks", queue=PROMPT)
def deliver_webhooks(webhook_id: int) -> None:
    """Tell a webhook what it is owed. A failure is written down and tried again by `sweep_webhooks`."""
    from gis.incidents.webhooks.delivering import send_due

    send_due(webhook_id)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_webhooks", queue=PROMPT, lock="sweep_webhooks", queueing_lock="sweep_webhooks")
def sweep_webhooks(timestamp: int) -> None:
    """Tell webhooks again what was not taken, each after its pause."""
    from gis.incidents.webhooks.delivering import clear_old, send_due

    send_due()
    clear_old()


@app.periodic(cron="* * * * *")
@app.task(name="take_over", queue=PROMPT, queueing_lock="take_over", priority=1, pass_context=True)
async def take_over(context: JobContext, timestamp: int) -> None:
    """Give the jobs of killed workers to living ones."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_SILENCE):
        await manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="publish_plans", lock="publish_plans", queueing_lock="publish_plans")
def publish_plans(timestamp: int) -> None:
    """Publish the plans whose day has come, and place again what was written with the code of a cell that ended."""
    from gis.planning.publishing.mending import mend_lately
    from gis.planning.publishing.plan_publishing import publish_due

    publish_due()
    mend_lately()


@app.task(name="tell_sign_out", queue=PROMPT, retry=_TELLING, pass_context=True)
def tell_sign_out(context: JobContext, system_id: int, user_id: int, at: str) -> None:
    """Tell a department's system that somebody has signed out here."""
    from datetime import datetime

    from web.single_sign_on.telling import tell

    is_last = context.job.attempts >= _TELLING.max_attempts
    tell(system_id, user_id, datetime.fromisoformat(at), is_last=is_last)


@app.periodic(cron="40 3 * * *")
@app.task(name="clear_sign_on", queueing_lock="clear_sign_on")
def clear_sign_on(timestamp: int) -> None:
    """Forget sessions, and tokens and codes of departments' systems, that are over."""
    from oauth2_provider.models import clear_expired

    from gis.accounts.account_session import forget_ended
    from gis.accounts.spent_code import forget_spent

    clear_expired()
    forget_ended()
    forget_spent()
