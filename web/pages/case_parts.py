"""The sections of the case page, in their order. A subject adds its own with one line; `web.pages.case` says what a
section is."""

from web.pages import case_facts, case_steps
from web.pages.case import Part

PARTS = (
    Part("facts", "web/case/facts.html", case_facts.facts),
    Part("where", "web/case/where.html", case_facts.where, place="side"),
    Part("steps", "web/case/steps.html", case_steps.steps),
)
