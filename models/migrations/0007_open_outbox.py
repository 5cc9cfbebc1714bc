from tortoise import migrations
from tortoise.migrations import operations as ops
from models.indexes import WhereIndex

class Migration(migrations.Migration):
    dependencies = [('models', '0006_announced_holidays'), ('models', '0006_the_ledger_of_taps')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Outbox',
            index=WhereIndex(fields=['person_id', 'id'], name='outbox_open', where="status = 'pending' OR status = 'sending'"),
        ),
    ]
