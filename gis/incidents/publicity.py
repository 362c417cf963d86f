"""Which categories anybody may hear of: sensible choices in a file, changed by administrators like any other.

Public is what lies in the open and concerns everybody there: rubbish, lamps, manholes, roads. Not public is what points
at a household, a business or a person (disputes, care, complaints about a neighbour, clues of a crime), and every
category that came from somewhere else.
"""

import csv
from pathlib import Path

from django.db import transaction

from gis.codes.ledger import news_of, remember
from gis.incidents.category import Category

_CHOICES = Path(__file__).with_name("category_publicity.csv")
_LEDGER = "category-publicity"


@transaction.atomic
def load_publicity() -> int:
    """Take in what changed in the file since it was last loaded; how many categories changed by it."""
    with _CHOICES.open(encoding="utf-8", newline="") as lines:
        rows = {f"{row['kind']}-{row['code']}": row for row in csv.DictReader(lines)}
    news = news_of(_LEDGER, rows)
    if not news:
        return 0
    for key in news.changed:
        row = rows[key]
        kept = Category.objects.filter(kind=row["kind"], code=row["code"])
        kept.update(is_public=row["is_public"] == "1")
    remember(_LEDGER, rows)
    return len(news.changed)
