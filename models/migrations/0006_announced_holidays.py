from models.filled_columns import AddFilledField
from tortoise import migrations
from tortoise.migrations import operations as ops
from models.tasks import TaskKind
from tortoise import fields

# The library names its days in English; whoever enters days by hand does so in Chinese, or not at all.
MARK = """UPDATE holiday SET announced = true WHERE name ~ '^[A-Z][A-Za-z0-9'' -]+$'"""


class Migration(migrations.Migration):
    dependencies = [('models', '0005_events_and_policy')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Holiday',
            name='announced',
            field=fields.BooleanField(default=False),
            column='BOOL',
            filled='false',
        ),
        ops.RunSQL(MARK),
        ops.AlterField(
            model_name='StaffTask',
            name='kind',
            field=fields.CharEnumField(description='ALERT: alert\nPHONE: phone\nHANDOVER: handover\nDISPATCH: dispatch\nESCALATION: escalation\nREVIEW: review\nLEFT_MESSAGE: left_message\nCALENDAR: calendar\nFOLLOW_UP: follow_up', enum_type=TaskKind, max_length=12),
        ),
    ]
