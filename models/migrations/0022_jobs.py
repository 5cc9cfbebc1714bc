from tortoise import migrations
from tortoise.migrations import operations as ops
from models.jobs import JobStatus
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0021_shared_faults')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Job',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=24)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='jobs', on_delete=OnDelete.CASCADE)),
                ('source', fields.CharField(default='', max_length=120)),
                ('asked', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('name', fields.CharField(default='', max_length=120)),
                ('status', fields.CharEnumField(default=JobStatus.WAITING, description='WAITING: waiting\nRUNNING: running\nDONE: done\nFAILED: failed\nCANCELLED: cancelled', enum_type=JobStatus, max_length=9)),
                ('total', fields.IntField(default=0)),
                ('done', fields.IntField(default=0)),
                ('report', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('error', fields.CharField(default='', max_length=64)),
                ('attempts', fields.IntField(default=0)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('beat_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'job', 'app': 'models', 'indexes': [Index(fields=['status', 'id']), Index(fields=['staff_id', 'id'])], 'pk_attr': 'id', 'table_description': "Made for one member of staff, who alone sees it. `asked` and `report` are its kind's own."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='JobFile',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('job', fields.OneToOneField('models.Job', source_field='job_id', db_constraint=True, to_field='id', related_name='file', on_delete=OnDelete.CASCADE)),
                ('content', fields.BinaryField()),
            ],
            options={'table': 'job_file', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The spreadsheet that came in, or the one that was made; kept apart, so that lists stay light.'},
            bases=['Model'],
        ),
    ]
