from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Conversation',
            index=Index(fields=['hold', 'held_since']),
        ),
        ops.AddIndex(
            model_name='Occupant',
            index=Index(fields=['house_id', 'id']),
        ),
        ops.AddIndex(
            model_name='Outbox',
            index=Index(fields=['platform_id']),
        ),
        ops.AddIndex(
            model_name='Response',
            index=Index(fields=['respondent']),
        ),
    ]
