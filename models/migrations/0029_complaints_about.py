from tortoise import migrations
from tortoise.migrations import operations as ops
from models.indexes import WhereIndex

class Migration(migrations.Migration):
    dependencies = [('models', '0028_one_line_again'), ('models', '0028_photos_by_staff')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Complaint',
            index=WhereIndex(fields=['about_staff_id'], name='complaint_staff', where='about_staff_id IS NOT NULL'),
        ),
        ops.AddIndex(
            model_name='Complaint',
            index=WhereIndex(fields=['about_technician_id'], name='complaint_technician', where='about_technician_id IS NOT NULL'),
        ),
        ops.AddIndex(
            model_name='Instruction',
            index=WhereIndex(fields=['id'], name='instruction_open', where='acknowledged_at IS NULL'),
        ),
    ]
