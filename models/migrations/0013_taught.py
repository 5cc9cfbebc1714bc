from models.filled_columns import AddFilledField
from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0012_the_inbox')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Misunderstanding',
            name='meant',
            field=fields.CharField(default='', max_length=32),
            column='VARCHAR(32)',
            filled="''",
        ),
        AddFilledField(
            model_name='Misunderstanding',
            name='note',
            field=fields.CharField(default='', max_length=300),
            column='VARCHAR(300)',
            filled="''",
        ),
        ops.AddField(
            model_name='Misunderstanding',
            name='taught_by_id',
            field=fields.IntField(null=True),
        ),
    ]
