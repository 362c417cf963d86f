from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.codes.naming import names_in
from gis.collection.showing import Known, known_of, noted
from gis.errors import NotAllowed
from gis.models import Building, Field, Residence, Resident
from gis.people.finding import AGE_GROUPS, Stand, Wanted, find_residents
from gis.people.life.timeline import events_of
from gis.people.masking import revealable, rule, shown_where
from gis.people.reading import Act
from gis.people.searching import Searched
from gis.people.showing import show_people, show_person, show_place, told_fields
from gis.people.typed import Kind
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.held import held_text, to_filtered_address
from web.pages.households import members_of, open_tags
from web.pages.life_form import life_form
from web.pages.looking_up import look_up, note, note_search, said_of
from web.pages.paging import page_of, read_number
from web.pages.visits import visits_of


def index(request: HttpRequest) -> HttpResponse:
    """The residents the reader may see, each as masked as the rule says."""
    _must_read_people(request)
    if request.method == "POST":
        return to_filtered_address(request)
    text = held_text(request)
    searched = look_up(request, text)
    wanted = _wanted(request, text, searched)
    page = page_of(find_residents(wanted, request.access), request.GET.get("page"))
    people = show_people(page.rows, request.access)
    if text:
        note_search(request, text, searched, people)
    else:
        note(request, Act.LIST, people)
    tags = open_tags(page.rows, request.access)
    context = {
        "page": page,
        "rows": [(person, tags.get(person.pk, [])) for person in people],
        "names": names_of({person.area for person in people}),
        "wanted": wanted,
        "typed": text,
        "said": said_of(searched),
        "unasked": bool(text) and (searched.kind == Kind.SHORT or not searched.allowed),
        "building": _building(request, wanted),
        "audits": request.access.may_anywhere("people.audit"),
        "writes": request.access.may_anywhere("people.write"),
        "filtered": wanted != Wanted(),
    }
    return never_kept(render(request, "web/lists/residents.html", context | _choices(request, wanted)))


def _wanted(request: HttpRequest, text: str, searched: Searched) -> Wanted:
    get = request.GET.get
    is_surname = searched.kind == Kind.SURNAME
    return Wanted(
        text=text if is_surname else "",
        keys=searched.keys if text and not is_surname else None,
        area=chosen_area(get("area", ""), request.access.which("people.read")),
        building=read_number(get("building")),
        age=get("age", "") if get("age") in AGE_GROUPS else "",
        population=get("population", "") if get("population") in Resident.Population.values else "",
        stand=get("stand", "") if get("stand") in Stand.values else "",
        need=get("need", "") if shown_where(request.access, "needs", "full") else "",
    )


def _choices(request: HttpRequest, wanted: Wanted) -> dict:
    sees_needs = bool(shown_where(request.access, "needs", "full"))
    return {
        "areas": area_choices(request.access.which("people.read"), wanted.area),
        "ages": {"0-14": "0–14", "15-34": "15–34", "35-64": "35–64", "65-79": "65–79", "80": "80+"},
        "populations": Resident.Population.choices,
        "stands": Stand.choices,
        "needs": names_in("service_need") if sees_needs else {},
        "sees_needs": sees_needs,
        "surname_only": bool(shown_where(request.access, "name", "masked")),
        "columns": 6 if sees_needs else 5,
    }


def _building(request: HttpRequest, wanted: Wanted) -> Building | None:
    listed = Building.objects.inside(request.scope).select_related("compound").defer("geometry", "drawing")
    return listed.filter(pk=wanted.building).first() if wanted.building else None


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a person: masked fields, where they live and lived, with whom, and what they need."""
    resident = read_resident(request, pk)
    return record(request, resident, "web/records/resident.html")


def read_resident(request: HttpRequest, pk: int) -> Resident:
    _must_read_people(request)
    return get_object_or_404(Resident.objects.inside(request.access.which("people.read")), pk=pk)


def record(
    request: HttpRequest, resident: Resident, template: str, *, act: str = Act.RECORD, revealed=(), reason: str = "",
    status: int = 200, **more,
) -> HttpResponse:  # fmt: skip
    """One person's record, with masked fields revealed for a reason that is noted."""
    person = show_person(resident, request.access, whole=True, revealed=revealed)
    stays = _stays(request, resident)
    household = [] if act == Act.PRINT else _household(request, stays)
    places = [(stay, show_place(stay, request.access)) for stay in stays]
    shown = [person, *(member.person for member in household if member.person.pk != person.pk)]
    known = _known(request, resident, stays, revealed if act == Act.PRINT else None)
    printed = {"events": events_of(resident, request.access)}
    life = printed if act == Act.PRINT else _life(request, resident, stays)
    told = told_fields(shown) | ({"room"} if any(place for _stay, place in places) else set())
    _note(request, shown, told, known, reason if act == Act.PRINT else None)
    if act == Act.REVEAL:
        note(request, act, [person], revealed, reason=reason)
    context = {
        "person": person,
        "document": names_in("document").get(person.document, "") if person.identity else "",
        "places": places,
        "household": household,
        "tags": open_tags([resident], request.access).get(resident.pk, []),
        "visits": visits_of(resident, request.access),
        "known": known,
        "names": names_of(
            {stay.area for stay in stays} | {told.event.area for told in life.get("events", ())} | {person.area}
        ),
        "source": resident.source,
        "updated_at": resident.updated_at,
        "revealable": revealable(request.access, resident.area) - set(revealed),
        "prints": prints_records(request, resident),
    }
    return never_kept(render(request, template, context | life | more, status=status))


def _life(request: HttpRequest, resident: Resident, stays: list[Residence]) -> dict:
    """What happened to them, whether they live where they are registered, and the form for what happens next."""
    here, held = (
        next((one for one in stays if one.kind == kind and one.ends is None), None) for kind in Residence.Kind
    )
    return {
        "events": events_of(resident, request.access),
        "died_on": resident.died_on,
        "is_away": here is None and resident.died_on is None,
        "is_separated": held is not None and (here is None or here.dwelling_id != held.dwelling_id),
        "life": life_form(request, resident, here),
        "may_undo": request.access.may("people.write", resident.area),
    }


def _known(request: HttpRequest, resident: Resident, stays: list[Residence], printed) -> list[Known]:
    """What was registered of them and their home; of themselves alone, and opened, where it is `printed` for them."""
    today = timezone.localdate()
    if printed is None:
        return known_of(resident, _known_door(stays, request), request.access, today)
    return known_of(resident, None, request.access, today, opened=printed)


def _note(request: HttpRequest, shown: list, told: set[str], known: list[Known], printed: str | None) -> None:
    """Note who was shown, and of the person themselves what was registered: the log of the others does not tell of it.

    What is known of the home is read of all who share it.
    """
    own = noted(one.field for one in known if one.field.subject == Field.Subject.PERSON)
    home = noted(one.field for one in known) - own
    act, reason = (Act.RECORD, "") if printed is None else (Act.PRINT, printed)
    note(request, act, shown, told | home | (own if len(shown) == 1 else set()), reason=reason)
    if own and len(shown) > 1:
        note(request, act, shown[:1], own, reason=reason)


def prints_records(request: HttpRequest, resident: Resident) -> bool:
    """Whether the reader may print all that is known, for the person themselves: who sees the door and may reveal."""
    opened = rule(request.access, "room", resident.area) == rule(request.access, "phone", resident.area) == "full"
    return opened and "identity" in revealable(request.access, resident.area)


def _stays(request: HttpRequest, resident: Resident) -> list[Residence]:
    stays = resident.residences.inside(request.access.which("people.read"))
    stays = stays.exclude(starts=F("ends"))  # of no day: taken back, or corrected on the day it began
    return list(stays.select_related("dwelling__building__compound").order_by("-starts", "kind"))


def _known_door(stays: list[Residence], request: HttpRequest) -> Residence | None:
    """The present stay, where the reader may know the door: what is known of the home is shown with its people."""
    here = next((stay for stay in stays if stay.kind == Residence.Kind.LIVING and stay.ends is None), None)
    place = show_place(here, request.access) if here else None
    return here if place and place.dwelling else None


def _household(request: HttpRequest, stays: list[Residence]) -> list:
    """The household of the present stay, where the reader may know the door: the others share it."""
    here = _known_door(stays, request)
    if here is None or here.household_id is None:
        return []
    members = Residence.objects.inside(request.access.which("people.read")).filter(
        household=here.household_id, ends__isnull=True, kind=Residence.Kind.LIVING
    )
    return members_of(members.select_related("resident").order_by("relation", "resident__born"), request.access)


def _must_read_people(request: HttpRequest) -> None:
    if not request.access.may_anywhere("people.read"):
        raise NotAllowed(_("您的角色不能查看居民名单。"), fix=_("需要人数时，请在地图或辖区页面查看统计。"))


def never_kept(response: HttpResponse) -> HttpResponse:
    """Neither a shared computer's cache nor its back button keeps people after signing out."""
    response["Cache-Control"] = "no-store"
    return response
