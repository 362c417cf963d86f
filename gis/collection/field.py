from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department


class Field(models.Model):
    """One thing that can be known of a person, a household, a home, a building or an organisation: 一数一源.

    Each has one owner department, one source and one place where it is kept. "Date of birth" is one field, whoever
    asks for it and under whatever name: a form is a list of fields, so five forms that want it ask once. Where a column
    has it already `kept` names that column (`resident.born`, `need:elder_alone`, see `kept.py`) and the value stands
    there; every other value is a `Fact`. Both leave a fact behind that says who said so, when and to whom.

    `rule` is the row of `gis/people/field_rules.csv` that says who sees the value. `standard` is what the file of
    standard fields last said of it, so that a newer file changes only what nobody changed here.
    """

    class Subject(models.TextChoices):
        PERSON = "person", _("个人")
        HOUSEHOLD = "household", _("家庭户")
        DWELLING = "dwelling", _("户室")
        BUILDING = "building", _("楼栋")
        ORGANISATION = "organisation", _("单位")

    class Kind(models.TextChoices):
        TEXT = "text", _("文字")
        NUMBER = "number", _("数字")
        DATE = "date", _("日期")
        YES_NO = "yes_no", _("是否")
        CHOICE = "choice", _("选项")
        CODE = "code", _("代码表")

    class Sharing(models.TextChoices):
        UNCONDITIONAL = "unconditional", _("无条件共享")
        CONDITIONAL = "conditional", _("有条件共享")
        NONE = "none", _("不予共享")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    synonyms = models.CharField(_("别的说法"), max_length=400, blank=True)  # separated by blanks
    subject = models.CharField(_("对象"), max_length=12, choices=Subject.choices)
    kind = models.CharField(_("类型"), max_length=6, choices=Kind.choices, default=Kind.TEXT)
    table = models.SlugField(_("代码表"), max_length=40, blank=True)
    options = models.JSONField(_("选项"), default=list, blank=True)  # [[value, English], …]
    owner = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("主管部门"))
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    sharing = models.CharField(_("共享类型"), max_length=13, choices=Sharing.choices, default=Sharing.CONDITIONAL)
    basis = models.CharField(_("法律依据"), max_length=200, blank=True)
    retention_months = models.PositiveSmallIntegerField(_("保存期限（月）"), null=True, blank=True)
    rule = models.CharField(_("谁能看"), max_length=20, default="facts")
    sealed = models.BooleanField(_("加密保存"), default=False)
    only = models.JSONField(_("仅适用于"), default=list, blank=True)  # population types, or states of a home; none: all
    from_age = models.PositiveSmallIntegerField(_("几岁起"), null=True, blank=True)
    kept = models.CharField(max_length=60, blank=True, editable=False)
    supplement_of = models.ForeignKey(
        "grid.Form", models.PROTECT, null=True, blank=True, related_name="supplements", editable=False
    )
    retired = models.BooleanField(_("停用"), default=False)
    standard = models.JSONField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("目录字段")
        verbose_name_plural = _("字段目录")
        ordering = ["subject", "pk"]

    def __str__(self) -> str:
        return self.code

    @property
    def shown(self) -> str:
        """The name in the reader's language."""
        return ((get_language() or "").startswith("en") and self.name_en) or self.name

    def applies_to(self, what: str, age: int | None = None) -> bool:
        """Whether it is asked of people of a type and an age, or of homes in a state. Of unknown age it is asked."""
        old_enough = self.from_age is None or age is None or age >= self.from_age
        return old_enough and (not self.only or what in self.only)


class FieldChange(models.Model):
    """Somebody changed a field: by name of what was changed, before and after. Appended, never rewritten."""

    field = models.ForeignKey(Field, models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # none: the standard
    sets = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
