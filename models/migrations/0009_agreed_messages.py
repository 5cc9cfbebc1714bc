from models.filled_columns import AddFilledField
from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0008_messages_in_review'), ('models', '0008_whom_complaints_are_about')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Conversation',
            name='subscriptions_left',
            field=fields.IntField(default=0),
            column='INT',
            filled='0',
        ),
        ops.AlterModelOptions(
            name='Person',
            options={'table': 'person', 'app': 'models', 'unique_together': (('channel', 'channel_id'),), 'pk_attr': 'id', 'table_description': 'One follower of the account. `channel_id` is the openid.'},
        ),
    ]
