"""The keyed hashes by which people come back to what they reported, made anew by the key of today.

Nothing sealed stands behind them, so each is found out: the number is that of the case, the digits are those of the
phone left with it. Where the phone is forgotten the hash is taken away with the old key; the link still opens the case.
"""

from django.db import transaction

from gis.incidents.residents.following import digits_by, plain_number
from gis.incidents.residents.reporter import Follow, Reporter
from gis.people.keyring import Key, keyring

_BATCH = 500


def recode_digits(*, forget: bool = False) -> int:
    """Write every hash of the key before anew that can be found out; how many were written.

    `forget`: the key before is gone, so what is not by the key of today is taken away.
    """
    ring, done, last = keyring(), 0, 0
    while rows := list(_hashed().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        last = rows[-1]
        with transaction.atomic():
            done += _recode(rows, ring.before, ring.seals, forget)
    return done


def _hashed():
    return Follow.objects.exclude(digits="", other_digits="")


def _recode(keys: list[int], old: Key | None, new: Key, forget: bool) -> int:
    rows = list(Follow.objects.filter(pk__in=keys).select_related("incident").select_for_update(of=("self",)))
    phones = dict(Reporter.objects.filter(step__in=[row.step_id for row in rows]).values_list("step", "phone_last4"))
    changed = []
    for row in rows:
        kept = {"": ""}
        for number in (row.incident.number, plain_number(row.incident.source_code)) if phones.get(row.step_id) else ():
            made = digits_by(new, number, phones[row.step_id])
            kept[made] = made
            if old:
                kept[digits_by(old, number, phones[row.step_id])] = made
        found = [kept.get(said, "" if forget else said) for said in (row.digits, row.other_digits)]
        if found != [row.digits, row.other_digits]:
            row.digits, row.other_digits = found
            changed.append(row)
    Follow.objects.bulk_update(changed, ["digits", "other_digits"])
    return len(changed)
