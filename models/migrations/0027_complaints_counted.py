from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0026_reviews')]

    initial = False

    operations = [
        ops.RemoveIndex(
            model_name='Complaint',
            name=None,
            fields=['community_id', 'status', 'id'],
        ),
        ops.AddIndex(
            model_name='Complaint',
            index=Index(fields=['community_id', 'status', 'id', 'about_staff_id', 'about_technician_id']),
        ),
    ]
