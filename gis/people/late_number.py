"""An identity number that comes later: a child was entered without one, and it is asked for until it is there."""

from datetime import date

import pandas as pd
from django.conf import settings
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope, applied
from gis.areas.covering import scope_of_all
from gis.errors import Refused
from gis.people.identity import CITIZEN, clean_numbers, read_identities
from gis.people.resident import Resident
from gis.people.sealing import blind_index, blind_indexes, index_before, is_of, seal

#: A child is asked for its number from this many days after birth, when it should have been registered,
_FROM_DAYS = 30
#: until school age; grown people without a number on the record are not asked by the way.
_UNTIL_YEARS = 7


def asks_number(resident: Resident, today: date) -> bool:
    """Whether the number of a child is to be asked for."""
    if resident.identity_last4 or resident.document != CITIZEN or resident.born is None:
        return False
    return _FROM_DAYS <= (today - resident.born).days < _UNTIL_YEARS * 365


def read_late_number(resident: Resident, text: str, today: date, field: str) -> str:
    """The number as it is kept. Raises Refused, by `field`, where it is wrong or is not this person's."""
    read = read_identities(clean_numbers([text]), synthetic=settings.SYNTHETIC_IDS, today=today)
    if read.problem[0] or not read.number[0]:
        raise _refused(field, _("应为 17 位数字加 1 位数字或 X。"))
    born, sex = pd.Timestamp(read.born[0]).date(), read.sex[0]
    if (resident.born and born != resident.born) or (resident.sex in ("1", "2") and sex != resident.sex):
        raise _refused(field, _("与出生日期或性别不符，请对照证件。"))
    return str(read.number[0])


def give_number(resident: Resident, number: str, within: Scope, field: str) -> bool:
    """Write the number to the record; False where it is there. Raises Refused where there is another.

    A number that is known beyond one's own areas is kept as a double, as everywhere: nothing says so.
    """
    if resident.identity_last4:
        if is_of(resident.identity_index, number):
            return False
        raise _refused(field, _("此人已有证件号。"))
    if Resident.objects.inside(within).filter(identity_index__in=blind_indexes(number)).exists():
        raise _refused(field, _("这个号码已登记在辖区内另一人名下，请核对。"))
    with applied(scope_of_all()):
        resident.doubled = Resident.objects.filter(identity_index__in=blind_indexes(number), doubled=False).exists()
    resident.identity_sealed, resident.identity_last4 = seal(number), number[-4:]
    resident.identity_index, resident.identity_before = blind_index(number), index_before(number)
    columns = [f"identity_{part}" for part in ("sealed", "last4", "index", "before")]
    resident.save(update_fields=["doubled", *columns, "updated_at"])
    return True


def _refused(field: str, what: str) -> Refused:
    return Refused(_("证件号无法保存。"), fix=_("请改正标出的内容。"), fields={field: what})
