"""The sections of the case page, in their order. A subject adds its own with one line; `web.pages.case` says what a
section is."""

from web.pages import (
    case_clock,
    case_component,
    case_duplicates,
    case_facts,
    case_mediation,
    case_moves,
    case_photos,
    case_related,
    case_residents,
    case_routing,
    case_steps,
    case_tasks,
    publication,
)
from web.pages.case import Part

PARTS = (
    Part("moves", "web/case/moves.html", case_moves.moves_part, place="top"),
    Part("facts", "web/case/facts.html", case_facts.facts),
    Part("compared", "web/case/compared.html", case_photos.compared),
    Part("steps", "web/case/steps.html", case_steps.steps),
    Part("words", "web/case/words.html", case_moves.words_part),
    Part("where", "web/case/where.html", case_facts.where, place="side"),
    Part("component", "web/case/component.html", case_component.component, place="side", read_by="area.read"),
    Part("clock", "web/case/clock.html", case_clock.clock, place="side"),
    Part("why", "web/case/why.html", case_routing.why, place="side"),
    Part("same", "web/case/same.html", case_duplicates.same, place="side"),
    Part("mediation", "web/case/mediation.html", case_mediation.mediation, place="side"),
    Part("tasks", "web/case/tasks.html", case_tasks.tasks, place="side"),
    Part("residents", "web/case/residents.html", case_residents.residents, place="side"),
    Part("public", "web/case/public.html", publication.part, place="side"),
    Part("related", "web/case/related.html", case_related.related, place="side"),
)
