from models.filled_columns import AddFilledField
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from orjson import loads

# A person may ask to be forgotten (个人信息保护法 Art. 47): only that work says so beforehand, in its own transaction.
APPEND_ONLY = [
    """
    CREATE OR REPLACE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('guanjia.erasing', true) = 'on' THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        RAISE EXCEPTION 'events are append-only: % is refused', TG_OP;
    END $$
    """,
    """
    CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only()
    """,
]

class Migration(migrations.Migration):
    dependencies = [('models', '0004_calls_have_a_community')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Event',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('subject_kind', fields.CharField(max_length=16)),
                ('subject_id', fields.BigIntField()),
                ('community_id', fields.IntField(null=True)),
                ('verb', fields.CharField(max_length=32)),
                ('actor_kind', fields.CharField(max_length=12)),
                ('actor_id', fields.BigIntField(null=True)),
                ('status_before', fields.CharField(default='', max_length=24)),
                ('status_after', fields.CharField(default='', max_length=24)),
                ('note', fields.TextField(default='', unique=False)),
                ('body', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'event', 'app': 'models', 'indexes': [Index(fields=['subject_kind', 'subject_id', 'id']), Index(fields=['actor_kind', 'actor_id', 'id']), Index(fields=['community_id', 'at'])], 'pk_attr': 'id', 'table_description': 'One change or one reading of personal data. A trigger refuses UPDATE and DELETE (models/migrations).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PolicyValue',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=48)),
                ('value', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('changed_at', fields.DatetimeField(auto_now=True, auto_now_add=False)),
            ],
            options={'table': 'policy', 'app': 'models', 'pk_attr': 'key', 'table_description': 'One decision; `key` is a field of services.policy.Policy.'},
            bases=['Model'],
        ),
        ops.RunSQL(APPEND_ONLY),
        AddFilledField(model_name='StaffTask', name='field', field=fields.CharField(default='', max_length=16), column='VARCHAR(16)', filled="''"),
        AddFilledField(model_name='StaffTask', name='reason', field=fields.CharField(default='', max_length=32), column='VARCHAR(32)', filled="''"),
        ops.AddField(
            model_name='StaffTask',
            name='taken_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='StaffTask',
            name='taken_by',
            field=fields.ForeignKeyField('models.Staff', source_field='taken_by_id', null=True, db_constraint=True, to_field='id', related_name='tasks_taken', on_delete=OnDelete.CASCADE),
        ),
        AddFilledField(
            model_name='StaffTask',
            name='values',
            field=fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads),
            column='JSONB',
            filled="'{}'",
        ),
        ops.AlterField(model_name='StaffTask', name='note', field=fields.CharField(default='', max_length=500)),
        ops.AddIndex(model_name='StaffTask', index=Index(fields=['field', 'done_at', 'id'])),
    ]
