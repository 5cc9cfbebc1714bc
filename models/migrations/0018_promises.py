from tortoise import migrations
from tortoise.migrations import operations as ops
from models.indexes import WhereIndex
from models.promises import PromiseStatus
from models.tasks import TaskKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0017_clocks_of_tickets')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Promise',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(unique=True, max_length=64)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='promises', on_delete=OnDelete.CASCADE)),
                ('subject_kind', fields.CharField(max_length=16)),
                ('subject_id', fields.BigIntField()),
                ('entry', fields.CharField(default='', max_length=24)),
                ('number', fields.CharField(default='', max_length=16)),
                ('field', fields.CharField(max_length=16)),
                ('community', fields.ForeignKeyField('models.Community', source_field='community_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('hidden_from', fields.IntField(null=True)),
                ('text', fields.CharField(max_length=200)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('status', fields.CharEnumField(default=PromiseStatus.OPEN, description='OPEN: open\nKEPT: kept\nGIVEN_UP: given_up', enum_type=PromiseStatus, max_length=8)),
                ('reason', fields.CharField(default='', max_length=200)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'promise', 'app': 'models', 'indexes': [Index(fields=['subject_kind', 'subject_id']), WhereIndex(fields=['staff_id', 'due_at'], name='promise_open', where="status = 'open'")], 'pk_attr': 'id', 'table_description': '`subject_kind` and `subject_id` are what it was made in, as events name it; `entry` the message in a talk.'},
            bases=['Model'],
        ),
        ops.AlterField(
            model_name='StaffTask',
            name='kind',
            field=fields.CharEnumField(description='ALERT: alert\nPHONE: phone\nHANDOVER: handover\nDISPATCH: dispatch\nESCALATION: escalation\nREVIEW: review\nLEFT_MESSAGE: left_message\nCALENDAR: calendar\nFOLLOW_UP: follow_up\nPROMISE: promise', enum_type=TaskKind, max_length=12),
        ),
    ]
