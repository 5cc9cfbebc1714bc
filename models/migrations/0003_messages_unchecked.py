from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_more_indexes')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Message',
            name='answers',
            field=fields.OneToOneField('models.Message', source_field='answers_id', null=True, db_constraint=False, to_field='id', related_name='answer', on_delete=OnDelete.CASCADE),
        ),
        ops.AlterField(
            model_name='Message',
            name='conversation',
            field=fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=False, to_field='id', on_delete=OnDelete.CASCADE),
        ),
        # Altering the fields leaves the constraints where they are.
        ops.RunSQL(
            [
                'ALTER TABLE message DROP CONSTRAINT IF EXISTS message_conversation_id_fkey',
                'ALTER TABLE message DROP CONSTRAINT IF EXISTS message_answers_id_fkey',
            ]
        ),
    ]
