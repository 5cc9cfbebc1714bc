from tortoise import migrations
from tortoise.migrations import operations as ops
from models.follow_ups import CallOutcome, FollowUpReason
from models.indexes import WhereIndex
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0022_jobs')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FollowUp',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(unique=True, max_length=48)),
                ('subject_kind', fields.CharField(max_length=16)),
                ('subject_id', fields.BigIntField()),
                ('label', fields.CharField(max_length=80)),
                ('said', fields.CharField(default='', max_length=400)),
                ('community', fields.ForeignKeyField('models.Community', source_field='community_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('reason', fields.CharEnumField(description='LOW_RATING: low_rating\nSILENCE: silence\nSAMPLE: sample', enum_type=FollowUpReason, max_length=10)),
                ('finished_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('calls', fields.IntField(default=0)),
                ('outcome', fields.CharField(default='', max_length=16)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'follow_up', 'app': 'models', 'indexes': [WhereIndex(fields=['finished_at', 'id'], name='follow_up_open', where='done_at IS NULL'), Index(fields=['subject_kind', 'subject_id'])], 'pk_attr': 'id', 'table_description': 'One call to make about a ticket, a complaint or a request; `key` keeps each round of it from making two.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FollowUpCall',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('follow_up', fields.ForeignKeyField('models.FollowUp', source_field='follow_up_id', db_constraint=True, to_field='id', related_name='made', on_delete=OnDelete.CASCADE)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('outcome', fields.CharEnumField(description='SATISFIED: satisfied\nDISSATISFIED: dissatisfied\nNO_ANSWER: no_answer\nWRONG_NUMBER: wrong_number', enum_type=CallOutcome, max_length=12)),
                ('note', fields.TextField(default='', unique=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'follow_up_call', 'app': 'models', 'indexes': [Index(fields=['at']), Index(fields=['follow_up_id', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Instruction',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('subject_kind', fields.CharField(max_length=16)),
                ('subject_id', fields.BigIntField()),
                ('label', fields.CharField(max_length=80)),
                ('community', fields.ForeignKeyField('models.Community', source_field='community_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('text', fields.TextField(unique=False)),
                ('by', fields.ForeignKeyField('models.Staff', source_field='by_id', db_constraint=True, to_field='id', related_name='instructions_given', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('acknowledged_by', fields.ForeignKeyField('models.Staff', source_field='acknowledged_by_id', null=True, db_constraint=True, to_field='id', related_name='instructions_acknowledged', on_delete=OnDelete.CASCADE)),
                ('acknowledged_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'instruction', 'app': 'models', 'indexes': [Index(fields=['subject_kind', 'subject_id', 'id'])], 'pk_attr': 'id', 'table_description': 'About a ticket, a complaint, a request or a talk: `subject_kind` is a models.events.SubjectKind.'},
            bases=['Model'],
        ),
    ]
