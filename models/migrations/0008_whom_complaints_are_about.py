from models.filled_columns import AddFilledField
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [('models', '0007_open_outbox')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Complaint',
            name='about_staff',
            field=fields.ForeignKeyField('models.Staff', source_field='about_staff_id', null=True, db_constraint=True, to_field='id', related_name='complaints_about', on_delete=OnDelete.CASCADE),
        ),
        ops.AddField(
            model_name='Complaint',
            name='about_technician',
            field=fields.ForeignKeyField('models.Technician', source_field='about_technician_id', null=True, db_constraint=True, to_field='id', related_name='complaints_about', on_delete=OnDelete.CASCADE),
        ),
        AddFilledField(
            model_name='DutyPhone',
            name='kinds',
            field=ArrayField(default=list, element_type='TEXT'),
            column='TEXT[]',
            filled="'{}'",
        ),
    ]
