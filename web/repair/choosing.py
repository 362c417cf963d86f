"""What was consented to: one by one, kind by kind, or everything; kept step by step, so that it can be taken back."""

from collections.abc import Mapping

from gis.areas.repairing.fault import Kind
from gis.areas.repairing.proposing import Act, Proposal
from web.pages.paging import read_number

#: Faults listed one by one; of the rest whole kinds can be accepted.
LISTED = 200
#: Fields of the form: `all-<kind>` for the proposals of a kind, `fault-<number>` for one; else there is no consent.
_ALL, _ONE = "all-", "fault-"


def wishes_in(post: Mapping[str, str], found: list[Proposal], before: Mapping[str, str]) -> dict[str, str]:
    """What is accepted after a form: what it says of those it lists, and of the others what was accepted before."""
    names = [f"{_ONE}{number}" for number in range(len(found))]
    wishes = {name: before[name] for name in names[LISTED:] if name in before}
    wishes |= {name: post[name] for name in names if post.get(name, "no") != "no" and len(post[name]) < 20}
    kinds = {kind for kind in Kind if post.get(f"{_ALL}{kind}") == "yes"}
    return proposed(found, kinds) | wishes


def everything(found: list[Proposal]) -> dict[str, str]:
    return proposed(found, set(Kind))


def proposed(found: list[Proposal], kinds: set[Kind]) -> dict[str, str]:
    """Consent to what is proposed for each fault of some kinds."""
    mine = [(number, one) for number, one in enumerate(found) if one.fault.kind in kinds and one.act != Act.LEAVE]
    return {f"{_ONE}{number}": "yes" if one.to is None else f"to-{one.to}" for number, one in mine}


def wish_of(number: int, one: Proposal, wishes: Mapping[str, str]) -> str:
    """What the form says of one: "no", "yes" or "to-<row>"."""
    wish = wishes.get(f"{_ONE}{number}", "no")
    return f"to-{one.to}" if wish == "yes" and one.to is not None else wish


def chosen_of(found: list[Proposal], wishes: Mapping[str, str]) -> list[Proposal]:
    """The proposals consented to."""
    chosen = []
    for number, one in enumerate(found):
        wish = wish_of(number, one, wishes)
        if wish == "yes":
            chosen.append(one)
        elif wish.startswith("to-") and read_number(wish[3:]) in [taker.row for taker in one.takers]:
            chosen.append(one.given(int(wish[3:])))
    return [one for one in chosen if one.act != Act.LEAVE]
