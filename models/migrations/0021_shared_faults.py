from tortoise import migrations
from tortoise.migrations import operations as ops
from models.faults import ProposalStatus
from models.indexes import WhereIndex
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0020_complaint_clocks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FaultProposal',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community', fields.ForeignKeyField('models.Community', source_field='community_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('building', fields.ForeignKeyField('models.Building', source_field='building_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('category', fields.ForeignKeyField('models.Category', source_field='category_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('tickets', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('main_id', fields.IntField(null=True)),
                ('status', fields.CharEnumField(default=ProposalStatus.OPEN, description='OPEN: open\nMERGED: merged\nREFUSED: refused', enum_type=ProposalStatus, max_length=7)),
                ('decided', fields.IntField(default=0)),
                ('last_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'fault_proposal', 'app': 'models', 'indexes': [WhereIndex(fields=['community_id', 'id'], name='fault_proposal_open', where="status = 'open'"), Index(fields=['building_id', 'category_id', 'id'])], 'pk_attr': 'id', 'table_description': 'Reports of one trade out of one building that came within minutes: probably one fault.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OutageHearer',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('outage', fields.ForeignKeyField('models.Outage', source_field='outage_id', db_constraint=True, to_field='id', related_name='hearers', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('number', fields.CharField(default='', max_length=16)),
            ],
            options={'table': 'outage_hearer', 'app': 'models', 'unique_together': (('outage', 'person'),), 'pk_attr': 'id', 'table_description': 'Somebody who was told of an outage because they reported it or asked for it, and hears when it is over.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Outage',
            name='ended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
