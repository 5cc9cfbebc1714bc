from models.filled_columns import AddFilledField
from models.jobs import JobStep
from tortoise import fields, migrations


class Migration(migrations.Migration):
    dependencies = [('models', '0026_reviews')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Job',
            name='step',
            field=fields.CharEnumField(default=JobStep.WRITING, description='READING: reading\nCHECKING: checking\nWRITING: writing', enum_type=JobStep, max_length=8),
            column='VARCHAR(8)',
            filled="'writing'",
        ),
    ]
