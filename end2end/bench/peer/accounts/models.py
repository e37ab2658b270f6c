"""An account with the portal's columns, and the same things unique."""

from django.db import models


class Organisation(models.Model):
    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=255)


class Account(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    # Of one tree of organisations, and the files here are of one.
    local_id = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=120, blank=True)
    first_name = models.CharField(max_length=120)
    initials = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120)
    display_name = models.CharField(max_length=255, blank=True)
    email_address = models.EmailField(unique=True)
    site = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=255, blank=True)
    job_title = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=255, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    mobile = models.CharField(max_length=20, blank=True)
    pager = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    web_page = models.CharField(max_length=255, blank=True)
    clinical_specialty = models.CharField(max_length=255, blank=True)
    role = models.CharField(max_length=255, blank=True)
    work_area = models.CharField(max_length=255, blank=True)
    notes = models.CharField(max_length=1000, blank=True)
    quota = models.PositiveIntegerField(default=4)
    status = models.CharField(max_length=20, default="pending")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["last_name", "first_name"])]
