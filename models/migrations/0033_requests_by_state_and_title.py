from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0032_ticket_numbers")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="ServiceRequest",
            index=Index(fields=["status", "id"]),
        ),
        ops.AddIndex(
            model_name="ServiceRequest",
            index=Index(fields=["title", "community_id"]),
        ),
        ops.AddIndex(
            model_name="StaffTask",
            index=Index(fields=["person_id", "kind"]),
        ),
    ]
