"""What was consented to: one by one, kind by kind, or everything; kept step by step, so that it can be taken back."""

from collections.abc import Mapping

from gis.areas.repairing.fault import Kind
from gis.areas.repairing.proposing import Act, Proposal
from web.pages.paging import read_number

#: Fields of the form: `all-<kind>`, `fault-<number>`; what is not in them is not consented to.
_ALL, _ONE = "all-", "fault-"


def wishes_in(post: Mapping[str, str]) -> dict[str, str]:
    """What a form says that is more than nothing."""
    kinds = {f"{_ALL}{kind}": "yes" for kind in Kind if post.get(f"{_ALL}{kind}") == "yes"}
    single = {name: value for name, value in post.items() if name.startswith(_ONE) and value != "no"}
    return kinds | {name: value for name, value in single.items() if len(name) < 20 and len(value) < 20}


def everything() -> dict[str, str]:
    return {f"{_ALL}{kind}": "yes" for kind in Kind}


def chosen_of(found: list[Proposal], wishes: Mapping[str, str]) -> list[Proposal]:
    """The proposals consented to. What a form says of one goes before what it says of the kind."""
    chosen = []
    for number, one in enumerate(found):
        wish = wishes.get(f"{_ONE}{number}", "")
        if wish.startswith("to-") and read_number(wish[3:]) in [taker.row for taker in one.takers]:
            chosen.append(one.given(int(wish[3:])))
        elif wish == "yes" or wishes.get(f"{_ALL}{one.fault.kind}") == "yes":
            chosen.append(one)
    return [one for one in chosen if one.act != Act.LEAVE]
