"""Adding a column that may not be empty to a table that has rows.

Tortoise's own operation writes `ADD COLUMN … NOT NULL` without a default, which PostgreSQL refuses as soon as the
table has a row. This one fills the rows that are there; afterwards the column has no default, as the code has it.
"""

from tortoise.migrations import operations as ops
from tortoise.migrations.operations import FieldLike
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class AddFilledField(ops.AddField):
    """As AddField. `column` is the type, `filled` what rows hold that are there already, both as SQL."""

    def __init__(self, model_name: str, name: str, field: FieldLike, *, column: str, filled: str) -> None:
        super().__init__(model_name, name, field)
        self.column, self.filled = column, filled

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if not state_editor:
            return
        model = new_state.apps.get_model(f"{app_label}.{self.model_name}")
        table, name = model._meta.db_table, model._meta.fields_map[self.name].source_field or self.name
        added = f'ADD COLUMN "{name}" {self.column} NOT NULL DEFAULT {self.filled}'
        await state_editor.client.execute_script(
            f'ALTER TABLE "{table}" {added}; ALTER TABLE "{table}" ALTER COLUMN "{name}" DROP DEFAULT'
        )
