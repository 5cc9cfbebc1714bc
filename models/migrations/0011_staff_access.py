from models.filled_columns import AddFilledField
from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0010_one_event_table')]

    initial = False

    operations = [
        ops.CreateModel(
            name='BackupCode',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='backup_codes', on_delete=OnDelete.CASCADE)),
                ('code_hash', fields.CharField(max_length=64)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'backup_code', 'app': 'models', 'unique_together': (('staff', 'code_hash'),), 'pk_attr': 'id', 'table_description': 'One use of it stands for one code of the authenticator.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ChatCode',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='chat_codes', on_delete=OnDelete.CASCADE)),
                ('code_hash', fields.CharField(max_length=64)),
                ('visit_hash', fields.CharField(max_length=64)),
                ('tries', fields.IntField(default=0)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'chat_code', 'app': 'models', 'indexes': [Index(fields=['staff_id', 'made_at']), Index(fields=['visit_hash', 'id'])], 'pk_attr': 'id', 'table_description': "A code that was sent into somebody's own WeChat; good once, in the browser that asked, for some minutes."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SecondFactor',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.OneToOneField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='second_factor', on_delete=OnDelete.CASCADE)),
                ('secret', fields.CharField(max_length=64)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_step', fields.BigIntField(default=0)),
            ],
            options={'table': 'second_factor', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The authenticator of a member of staff. `last_step` is the last code that was taken: none counts twice.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SignInTry',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('login_hash', fields.CharField(max_length=64)),
                ('address', fields.CharField(max_length=45)),
                ('device_hash', fields.CharField(default='', max_length=64)),
                ('kind', fields.CharField(max_length=16)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'sign_in_try', 'app': 'models', 'indexes': [Index(fields=['login_hash', 'at']), Index(fields=['address', 'at']), Index(fields=['at'])], 'pk_attr': 'id', 'table_description': 'A try to get in that has not succeeded. The login is stored as SHA-256: people type passwords there, too.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='StaffSession',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='sessions', on_delete=OnDelete.CASCADE)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('previous_hash', fields.CharField(default='', db_index=True, max_length=64)),
                ('previous_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('form_key', fields.CharField(max_length=43)),
                ('rights', fields.CharField(max_length=32)),
                ('device_hash', fields.CharField(default='', db_index=True, max_length=64)),
                ('device', fields.CharField(default='', max_length=64)),
                ('address', fields.CharField(default='', max_length=45)),
                ('way', fields.CharField(max_length=16)),
                ('proven', fields.BooleanField(default=False)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'staff_session', 'app': 'models', 'indexes': [Index(fields=['staff_id', 'ended_at'])], 'pk_attr': 'id', 'table_description': 'One browser that somebody signed in with. Tokens are stored as SHA-256: who reads the table gets in nowhere.'},
            bases=['Model'],
        ),
        AddFilledField(
            model_name='Staff',
            name='first_password',
            field=fields.BooleanField(default=False),
            column='BOOL',
            filled='false',
        ),
    ]
