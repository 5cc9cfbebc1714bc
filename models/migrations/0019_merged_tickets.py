from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from models.indexes import WhereIndex


class Migration(migrations.Migration):
    dependencies = [('models', '0018_promises')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Ticket',
            name='withdrawn_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=WhereIndex(fields=['duplicate_of_id'], name='ticket_merged', where='duplicate_of_id IS NOT NULL'),
        ),
    ]
