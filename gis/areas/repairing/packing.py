"""What was found and proposed as text: a job writes it, and pages read it."""

import json
from collections.abc import Sequence

import shapely

from gis.areas.repairing.fault import Fault, Hair, Kind
from gis.areas.repairing.proposing import Act, Proposal, Taker


def packed(found: Sequence[Proposal]) -> str:
    return json.dumps([_row(one) for one in found])


def unpacked(text: str) -> list[Proposal]:
    return [_proposal(row) for row in json.loads(text)]


def _row(one: Proposal) -> dict:
    fault = one.fault
    return {
        "fault": [str(fault.kind), fault.area, fault.width, list(fault.shapes), _hex(fault.region)],
        "hairs": [[_hex(hair.region), list(hair.claims), hair.outside] for hair in fault.hairs],
        "act": str(one.act),
        "to": one.to,
        "takers": [[taker.row, taker.border, taker.share] for taker in one.takers],
    }


def _proposal(row: dict) -> Proposal:
    kind, area, width, shapes, region = row["fault"]
    hairs = tuple(Hair(_shape(one), tuple(claims), outside) for one, claims, outside in row["hairs"])
    fault = Fault(Kind(kind), area, width, tuple(shapes), _shape(region), hairs)
    return Proposal(fault, Act(row["act"]), row["to"], tuple(Taker(*one) for one in row["takers"]))


def _hex(shape: shapely.Geometry) -> str:
    return shapely.to_wkb(shape, hex=True)


def _shape(text: str) -> shapely.Geometry:
    return shapely.from_wkb(text)
