"""A user with what django-scim2 asks for."""

from django.contrib.auth.models import AbstractUser
from django_scim.models import AbstractSCIMUserMixin


class Person(AbstractSCIMUserMixin, AbstractUser):
    @property
    def scim_groups(self):
        return self.groups
