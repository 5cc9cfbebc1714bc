from tortoise import migrations
from tortoise.migrations import operations as ops
from models.outbox import OutboxStatus
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0013_taught')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Outbox',
            name='status',
            field=fields.CharEnumField(default=OutboxStatus.PENDING, description='PENDING: pending\nSENDING: sending\nMASS: mass\nREVIEW: review\nSENT: sent\nUNKNOWN: unknown\nFAILED: failed\nCANCELLED: cancelled', enum_type=OutboxStatus, max_length=9),
        ),
    ]
