from tortoise import migrations
from tortoise.migrations import operations as ops
from models.filled_columns import AddFilledField
from models.found_by import FoundByField, keys
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise import fields
from tortoise.indexes import Index

BATCH = 5000
ROWS = 'SELECT id, name, phone FROM {table} WHERE id > $1 ORDER BY id LIMIT $2'
FILL = """
    UPDATE {table} SET found_by = string_to_array(filled.keys, E'\\n')
    FROM unnest($1::int[], $2::text[]) AS filled (id, keys) WHERE {table}.id = filled.id
"""


async def fill(apps, editor):
    """Nothing that anybody looks at changes, so no open page is told of these rows."""
    run = editor.client.execute_query_dict
    await editor.client.execute_script('ALTER TABLE binding DISABLE TRIGGER desk_change')
    for table in ('occupant', 'binding'):
        last = 0
        while rows := await run(ROWS.format(table=table), [last, BATCH]):
            last = rows[-1]['id']
            found = ['\n'.join(keys(row['name'], row['phone'])) for row in rows]
            await run(FILL.format(table=table), [[row['id'] for row in rows], found])
    await editor.client.execute_script('ALTER TABLE binding ENABLE TRIGGER desk_change')


class Migration(migrations.Migration):
    dependencies = [('models', '0018_promises')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Binding', name='found_by', field=FoundByField(), column='TEXT[]', filled="'{}'"
        ),
        AddFilledField(
            model_name='Occupant', name='found_by', field=FoundByField(), column='TEXT[]', filled="'{}'"
        ),
        ops.RunPython(fill),
        ops.AddIndex(
            model_name='Binding',
            index=GinIndex(fields=['found_by']),
        ),
        ops.AddIndex(
            model_name='Occupant',
            index=GinIndex(fields=['found_by']),
        ),
        ops.AddField(
            model_name='Occupant',
            name='left_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Event',
            name='source',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddIndex(
            model_name='Event',
            index=Index(fields=['verb', 'id']),
        ),
        ops.AddIndex(
            model_name='Event',
            index=Index(fields=['at']),
        ),
        ops.AddIndex(
            model_name='House',
            index=Index(fields=['community_id', 'building_id', 'id']),
        ),
        ops.AddIndex(
            model_name='House',
            index=Index(fields=['label']),
        ),
    ]
