from tortoise import migrations
from tortoise.migrations import operations as ops

# As services/repairs/numbers makes it, so that a ticket gets its number by the statement that writes it.
NUMBER = """
CREATE FUNCTION ticket_number(ticket int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    body text := (1000 + ticket)::text;
    damm text := '0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790';
    interim int := 0;
BEGIN
    FOR place IN 1..length(body) LOOP
        interim := substr(damm, 10 * interim + substr(body, place, 1)::int + 1, 1)::int;
    END LOOP;
    RETURN 'BX' || body || interim;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0031_holding_tickets")]

    initial = False

    operations = [ops.RunSQL(NUMBER, "DROP FUNCTION ticket_number(int)")]
