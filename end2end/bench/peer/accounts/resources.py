"""The import as its documentation describes it, and the same with every option that makes it faster."""

from import_export import fields, instance_loaders, resources, widgets

from .models import Account, Organisation

COLUMNS = {
    "local_id": "LocalID",
    "first_name": "FirstName",
    "last_name": "LastName",
    "job_title": "JobTitle",
    "department": "Department",
    "telephone": "Telephone",
    "role": "Role",
}


class Remembered(widgets.ForeignKeyWidget):
    """Asks for each organisation once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {}

    def clean(self, value, row=None, **kwargs):
        if value not in self.known:
            self.known[value] = super().clean(value, row, **kwargs)
        return self.known[value]


class Plain(resources.ModelResource):
    """Row by row, each with its difference for the preview."""

    organisation = fields.Field("organisation", "ODSCode", widgets.ForeignKeyWidget(Organisation, "code"))
    local_id = fields.Field("local_id", "LocalID")
    first_name = fields.Field("first_name", "FirstName")
    last_name = fields.Field("last_name", "LastName")
    job_title = fields.Field("job_title", "JobTitle")
    department = fields.Field("department", "Department")
    telephone = fields.Field("telephone", "Telephone")
    role = fields.Field("role", "Role")

    class Meta:
        model = Account
        import_id_fields = ["local_id"]
        fields = ["organisation", *COLUMNS]
        skip_unchanged = True

    def before_import(self, dataset, **kwargs):
        # Once for the whole file, where the portal looks for each stretch of rows anew.
        self.taken = set(Account.objects.values_list("email_address", flat=True))

    def before_save_instance(self, instance, row, **kwargs):
        if not instance.email_address:
            instance.email_address = self.free_address(instance)
            instance.display_name = f"{instance.last_name.upper()}, {instance.first_name} ({instance.organisation_id})"

    def free_address(self, instance):
        name, number = f"{instance.first_name}.{instance.last_name}".lower(), 1
        address = f"{name}@health.example"
        while address in self.taken:
            number += 1
            address = f"{name}{number}@health.example"
        self.taken.add(address)
        return address


class Fast(Plain):
    """Many rows a statement, instances and organisations from memory, no differences: nothing to preview."""

    organisation = fields.Field("organisation", "ODSCode", Remembered(Organisation, "code"))

    class Meta(Plain.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        skip_unchanged = False
        instance_loader_class = instance_loaders.CachedInstanceLoader
