from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0024_search')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PersonMerge',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('survivor', fields.ForeignKeyField('models.Person', source_field='survivor_id', db_constraint=True, to_field='id', related_name='merges', on_delete=OnDelete.CASCADE)),
                ('absorbed', fields.ForeignKeyField('models.Person', source_field='absorbed_id', db_constraint=True, to_field='id', related_name='merged_into', on_delete=OnDelete.CASCADE)),
                ('moved', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('undone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'person_merge', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Two persons that were found to be one: what was moved from `absorbed` to `survivor`, so that it can go back.'},
            bases=['Model'],
        ),
    ]
