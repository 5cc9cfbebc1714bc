from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [('models', '0027_complaints_counted'), ('models', '0027_steps_of_jobs')]

    initial = False

    operations = []
