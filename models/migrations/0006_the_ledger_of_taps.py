from models.filled_columns import AddFilledField
from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0005_events_and_policy')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Conversation',
            name='minute_left',
            field=fields.IntField(default=0),
            column='INT',
            filled='0',
        ),
        ops.AddField(
            model_name='Conversation',
            name='minute_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        AddFilledField(
            model_name='Conversation',
            name='options_shown',
            field=fields.IntField(default=1000),
            column='INT',
            filled='1000',
        ),
    ]
