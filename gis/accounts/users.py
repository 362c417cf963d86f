from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Access


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser):
    """Someone who signs in. What they may do and where follows from their current postings alone."""

    username = models.CharField(_("用户名"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("工作电话"), max_length=20, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("部门"))
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    joined_at = models.DateTimeField(_("开通时间"), default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    @cached_property
    def access(self) -> Access:
        """What this user may do and where, from the postings in force today; fixed for the life of the object."""
        return Access.of_postings(self.postings.on(timezone.localdate())) if self.is_active else Access.none()

    # The administrator's pages ask these four questions; the answers come from the role table too.
    @property
    def is_staff(self) -> bool:
        return self.access.may_anywhere("accounts.manage") or self.access.may_anywhere("codes.manage")

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj=None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
