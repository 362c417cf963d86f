"""What follows from a step: one explicit list, in the step's own transaction, so that all of it happens or nothing."""

from gis.incidents.incident import Incident
from gis.incidents.reminders.alarm import follow_clock
from gis.incidents.reminders.telling import tell_step
from gis.incidents.routing.applying import route
from gis.incidents.step import Step
from gis.incidents.webhooks.noting import note_step


def follow(incident: Incident, step: Step) -> None:
    """Do what a step of an incident brings with it. Called after every step, the first report included."""
    follow_clock(incident, step)
    tell_step(incident, step)
    note_step(incident, step)
    # Last, for what rules do about a step is a step of its own with consequences of its own.
    for taken in route(incident, step):
        follow(incident, taken)
