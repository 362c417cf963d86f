"""The field catalogue: standard fields from `fields.csv`, fields of one's own, and every change of either on record.

Loading is idempotent and never over what was changed here: each field keeps what the file last said of it, and what the
file says differently now is taken over only where the field still says what the file said before.
"""

import csv
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gis.accounts.departments import Department
from gis.accounts.users import User
from gis.codes.loading import table_names
from gis.collection.field import Field, FieldChange
from gis.collection.reading import read_options
from gis.collection.same import matches
from gis.errors import Conflict, Refused
from gis.people.masking import fields as rules
from gis.people.resident import Resident
from gis.places.building import Dwelling

_FILE = Path(__file__).with_name("fields.csv")
#: What an editor may change. What a field is about and where it is kept stays: its values would lose their meaning.
EDITABLE = (
    "name", "name_en", "synonyms", "kind", "table", "options", "owner", "source", "sharing", "basis",
    "retention_months", "rule", "sealed", "only", "from_age", "retired",
)  # fmt: skip
#: What may not change once values are there: they were written in that form.
_FIXED = ("kind", "table", "sealed")


def standard_fields() -> dict[str, dict]:
    """What the file says, by code; the owner by its code."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _of_row(row) for row in csv.DictReader(lines)}


def _of_row(row: dict[str, str]) -> dict:
    plain = {name: row[name] for name in ("name", "name_en", "synonyms", "subject", "kind", "table", "owner", "source",
                                          "sharing", "basis", "rule", "kept")}  # fmt: skip
    return plain | {
        "options": read_options(row["options"]),
        "retention_months": int(row["retention_months"]) if row["retention_months"] else None,
        "sealed": row["sealed"] == "1",
        "only": row["only"].split(),
        "from_age": int(row["from_age"]) if row["from_age"] else None,
        "retired": False,
    }


@transaction.atomic
def load_fields() -> int:
    """Bring the catalogue up to the file; how many fields it holds. An owner that is not there yet comes later."""
    rows, departments = standard_fields(), dict(Department.objects.values_list("code", "pk"))
    known = {field.code: field for field in Field.objects.filter(code__in=rows)}
    fresh = [_made(code, row, departments) for code, row in rows.items() if code not in known]
    Field.objects.bulk_create(fresh)
    for code, field in known.items():
        _follow(field, rows[code], departments)
    gone = Field.objects.exclude(standard=None).exclude(code__in=rows)
    gone.update(retired=True, standard=None)
    return len(rows)


def _made(code: str, row: dict, departments: dict[str, int]) -> Field:
    owner = departments.get(row["owner"])
    plain = {name: value for name, value in row.items() if name != "owner"}
    return Field(code=code, standard=row, owner_id=owner, **plain)


def _follow(field: Field, row: dict, departments: dict[str, int]) -> None:
    """Take over what the file says anew, of what still is as the file said before."""
    said, now = field.standard or {}, _stands(field)
    sets = {name: row[name] for name in EDITABLE if name != "owner" and row[name] != said.get(name) == now[name]}
    if field.owner_id is None and not field.changes.filter(sets__has_key="owner").exists():
        sets |= {"owner": departments[row["owner"]]} if row["owner"] in departments else {}
    if sets:
        _write(field, sets, by=None, reason="")
    if field.standard != row:
        Field.objects.filter(pk=field.pk).update(standard=row)


def _stands(field: Field) -> dict:
    return {name: field.owner_id if name == "owner" else getattr(field, name) for name in EDITABLE}


def _write(field: Field, sets: dict, *, by: User | None, reason: str) -> None:
    before = _stands(field)
    for name, value in sets.items():
        setattr(field, "owner_id" if name == "owner" else name, value)
    if by is None and set(sets) == {"owner"}:  # the department has come, nobody changed anything
        field.save(update_fields=["owner"])
        return
    field.revision += 1
    field.save(update_fields=[*sets, "revision"])
    told = {name: [before[name], value] for name, value in sets.items()}
    FieldChange.objects.create(field=field, by=by, sets=told, reason=reason)


@transaction.atomic
def change_field(pk: int, wanted: dict, *, by: User, reason: str, seen: int) -> Field:
    """Change a field. Raises Refused, and Conflict where somebody changed it since revision `seen`."""
    field = Field.objects.select_for_update().get(pk=pk)
    if field.revision != seen:
        last = field.changes.first()
        raise Conflict(
            _("别人刚刚改过这个字段。"),
            fix=_("请对照历史，再保存一次。"),
            theirs={"revision": field.revision, "sets": sorted(last.sets) if last else []},
        )
    stands = _stands(field)
    sets = {name: value for name, value in wanted.items() if name in EDITABLE and value != stands[name]}
    if not sets:
        return field
    _judge(field, stands | sets, sets)
    _write(field, sets, by=by, reason=reason)
    return field


def _judge(field: Field, after: dict, sets: dict) -> None:
    wrong = faults(after, field.subject)
    if field.kept:
        fixed = dict.fromkeys((*_FIXED, "options"), _("这个字段由档案里的一栏保存，不能更改。"))
    else:
        fixed = dict.fromkeys(_FIXED if field.facts.exists() else (), _("已经有登记的内容，不能更改。"))
    wrong |= {name: text for name, text in fixed.items() if name in sets}
    others = Field.objects.exclude(pk=field.pk).filter(retired=False)
    if {"name", "synonyms", "retired"} & sets.keys() and not after["retired"]:
        wrong |= _doubled(after["name"], after["synonyms"], field.subject, others)
    refuse_wrong(wrong)


#: What a field may be confined to.
ONLY = {
    Field.Subject.PERSON: Resident.Population,
    Field.Subject.HOUSEHOLD: Resident.Population,
    Field.Subject.DWELLING: Dwelling.State,
}


def faults(after: dict, subject: str) -> dict[str, str]:
    """What is wrong with a field as it would be, by name."""
    wrong: dict[str, str] = {}
    if not after["name"]:
        wrong["name"] = _("请填写名称。")
    for name, allowed in (("kind", Field.Kind.values), ("sharing", Field.Sharing.values), ("rule", rules())):
        if after[name] not in allowed:
            wrong[name] = _("请从列表中选择。")
    if after["kind"] == Field.Kind.CODE and after["table"] not in table_names():
        wrong["table"] = _("请选择一个代码表。")
    if after["kind"] == Field.Kind.CHOICE and len(after["options"]) < 2:
        wrong["options"] = _("请至少写两个选项，一行一个。")
    if set(after["only"]) - set(ONLY[subject].values if subject in ONLY else ()):
        wrong["only"] = _("请从列表中选择。")
    if after["sharing"] != Field.Sharing.UNCONDITIONAL and not after["basis"]:
        wrong["basis"] = _("有条件共享或不予共享，须写明依据。")
    return wrong


def _doubled(name: str, synonyms: str, subject: str, others) -> dict[str, str]:
    """The catalogue never holds one meaning twice."""
    for text, where in [(name, "name"), *((word, "synonyms") for word in synonyms.split())]:
        same = next((one for one in matches(text, subject, others) if one.is_same), None)
        if same:
            told = {"text": text, "field": same.field.name}
            return {where: _("“%(text)s”与目录中的“%(field)s”是同一项。") % told}
    return {}


def refuse_wrong(wrong: dict[str, str]) -> None:
    if wrong:
        raise Refused(_("字段没有保存。"), fix=_("请改正标出的内容。"), fields=wrong)


@transaction.atomic
def add_field(subject: str, wanted: dict, *, by: User, reason: str, supplement_of=None) -> Field:
    """A field of one's own. Raises Refused; by `name` where the catalogue has it already."""
    blank = {name: Field._meta.get_field(name).get_default() for name in EDITABLE if name != "owner"}
    after = blank | {"owner": None} | wanted
    _one_at_a_time()
    wrong = faults(after, subject)
    if subject not in Field.Subject.values:
        wrong["subject"] = _("请从列表中选择。")
    wrong |= _doubled(after["name"], after["synonyms"], subject, Field.objects.filter(retired=False))
    refuse_wrong(wrong)
    plain = {name: value for name, value in after.items() if name != "owner"}
    field = Field.objects.create(
        code=_free_code(), subject=subject, owner_id=after["owner"], supplement_of=supplement_of, **plain
    )
    FieldChange.objects.create(field=field, by=by, sets={"name": ["", field.name]}, reason=reason)
    return field


def _one_at_a_time() -> None:
    """Two who add the same field at the same moment: the second one finds it there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grid_field'))")


def _free_code() -> str:
    last = Field.objects.filter(code__regex=r"^local[0-9]+$").order_by("-pk").values_list("code", flat=True).first()
    return f"local{int(last.removeprefix('local')) + 1 if last else 1:04d}"
