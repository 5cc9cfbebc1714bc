from tortoise import migrations
from tortoise.migrations import operations as ops
from models.indexes import WhereIndex

class Migration(migrations.Migration):
    dependencies = [('models', '0025_person_merge')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Binding',
            index=WhereIndex(fields=['status', 'id'], name='binding_to_review', where="status = 'pending' OR (status = 'active' AND NOT matched)"),
        ),
    ]
