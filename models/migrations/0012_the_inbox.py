from tortoise import migrations
from tortoise.migrations import operations as ops
from models.desk import HeldStatus
from models.indexes import WhereIndex
from models.people import Duty
from orjson import loads

from models.filled_columns import AddFilledField
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0011_staff_access')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CannedReply',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('owner', fields.ForeignKeyField('models.Staff', source_field='owner_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('community', fields.ForeignKeyField('models.Community', source_field='community_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=40)),
                ('text', fields.TextField(unique=False)),
                ('images', ArrayField(default=list, element_type='TEXT')),
                ('initials', fields.TextField(default='', unique=False)),
                ('uses', fields.IntField(default=0)),
                ('archived_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'canned_reply', 'app': 'models', 'pk_attr': 'id', 'table_description': '快捷回复. Of one person (`owner`), of a community, or of all. `initials` are of every reading of the title.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeskSetting',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.OneToOneField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('values', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'desk_setting', 'app': 'models', 'pk_attr': 'id', 'table_description': 'How somebody of the staff likes their desk: order and filter of the list, keys, sounds.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Draft',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('conversation', fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('mode', fields.CharField(default='reply', max_length=8)),
                ('text', fields.TextField(default='', unique=False)),
                ('key', fields.CharField(max_length=64)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'draft', 'app': 'models', 'unique_together': (('staff', 'conversation'),), 'pk_attr': 'id', 'table_description': 'What somebody was writing in a talk. `key` is that of the message that it will become.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='HeldReply',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('conversation', fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(unique=True, max_length=64)),
                ('reply', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('status', fields.CharEnumField(default=HeldStatus.WAITING, description='WAITING: waiting\nRELEASED: released\nCANCELLED: cancelled\nEXPIRED: expired', enum_type=HeldStatus, max_length=9)),
                ('until', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'held_reply', 'app': 'models', 'indexes': [Index(fields=['conversation_id', 'status'])], 'pk_attr': 'id', 'table_description': '等住户下次说话就发: written while the platform lets nothing through, sent as soon as it does.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Note',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('conversation', fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(unique=True, max_length=64)),
                ('text', fields.TextField(unique=False)),
                ('mentions', ArrayField(default=list, element_type='INT')),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'note', 'app': 'models', 'indexes': [Index(fields=['conversation_id', 'id'])], 'pk_attr': 'id', 'table_description': '内部备注: colleagues read it, the resident never does. `mentions` are the staff who are told.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TalkRating',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('conversation', fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('stars', fields.IntField(null=True)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('rated_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'talk_rating', 'app': 'models', 'indexes': [Index(fields=['staff_id', 'asked_at'])], 'pk_attr': 'id', 'table_description': '评价这次对话. Whom it rates is kept when it is asked, whoever holds the talk when it is answered.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TalkRead',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('conversation', fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('message_id', fields.BigIntField()),
            ],
            options={'table': 'talk_read', 'app': 'models', 'unique_together': (('staff', 'conversation'),), 'pk_attr': 'id', 'table_description': 'Up to which message of a talk somebody of the staff read.'},
            bases=['Model'],
        ),
        AddFilledField(
            model_name='Conversation',
            name='pressing',
            field=fields.BooleanField(default=False),
            column='BOOL',
            filled='false',
        ),
        ops.AddField(
            model_name='Conversation',
            name='queue_office',
            field=fields.ForeignKeyField('models.ManagementOffice', source_field='queue_office_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE),
        ),
        AddFilledField(
            model_name='Conversation',
            name='replies_held',
            field=fields.BooleanField(default=False),
            column='BOOL',
            filled='false',
        ),
        AddFilledField(
            model_name='Conversation',
            name='snoozed',
            field=fields.BooleanField(default=False),
            column='BOOL',
            filled='false',
        ),
        ops.AddField(
            model_name='Conversation',
            name='snoozed_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Conversation',
            name='waiting_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Conversation',
            index=WhereIndex(fields=['hold', 'held_by_id'], name='conversation_of_people', where="hold <> 'bot'"),
        ),
        ops.AddIndex(
            model_name='Conversation',
            index=WhereIndex(fields=['snoozed'], name='conversation_snoozed', where='snoozed'),
        ),
        ops.AddField(
            model_name='Outbox',
            name='arrived_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        AddFilledField(
            model_name='Staff',
            name='duty',
            field=fields.CharEnumField(default=Duty.ON, description='ON: on\nAWAY: away\nOFF: off', enum_type=Duty, max_length=4),
            column='VARCHAR(4)',
            filled="'on'",
        ),
        ops.AddField(
            model_name='Staff',
            name='duty_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL([
            "UPDATE staff SET duty = 'off' WHERE NOT on_duty",
            "UPDATE conversation SET waiting_since = held_since WHERE hold = 'queued'",
        ]),
    ]
