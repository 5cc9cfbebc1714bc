from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

# Table of the events before, column of their subject, kind, table of the subject, note and body where they had them.
MOVED = [
    ('ticket_event', 'ticket_id', 'ticket', 'ticket', 'e.note', 'e.body'),
    ('complaint_event', 'complaint_id', 'complaint', 'complaint', 'e.note', 'e.body'),
    ('request_event', 'request_id', 'request', 'service_request', 'e.note', "'{}'::jsonb"),
    ('bill_event', 'bill_id', 'bill', 'bill', 'e.note', "'{}'::jsonb"),
    ('sign_up_event', 'sign_up_id', 'sign_up', 'sign_up', 'e.note', "'{}'::jsonb"),
    ('notice_event', 'notice_id', 'notice', 'notice', "''", 'e.body'),
]
COMMUNITY = {  # where the subject itself does not say its community
    'sign_up': '(SELECT a.community_id FROM activity a WHERE a.id = s.activity_id)',
    'notice': 'NULL::int',
}
# Ids of the events before live on in the keys of messages that were sent, so new ones begin above all of them.
MOVE = """
    INSERT INTO event (subject_kind, subject_id, community_id, verb, actor_kind, actor_id, status_before, status_after,
        note, body, at)
    SELECT kind, subject_id, community_id, verb,
        CASE WHEN actor ~ '^(person|technician|staff):[0-9]+$' THEN split_part(actor, ':', 1) ELSE 'system' END,
        CASE WHEN actor ~ '^(person|technician|staff):[0-9]+$' THEN split_part(actor, ':', 2)::bigint END,
        from_status, to_status, note,
        CASE WHEN actor ~ '^(system|(person|technician|staff):[0-9]+)$' THEN body
            ELSE body || jsonb_build_object('by', actor) END,
        at
    FROM ({rows}) AS old ORDER BY at, id
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'event' AND indexname NOT LIKE '%pkey'"
ROWS = """
    SELECT '{kind}' AS kind, e.id, e.{column} AS subject_id, {community} AS community_id, e.verb, e.actor,
        e.from_status, e.to_status, {note} AS note, {body} AS body, e.at
    FROM {table} e LEFT JOIN {subject} s ON s.id = e.{column}
"""
# Notes of tasks were a code, prose or something to parse again; now a reason, the values of its words and a field.
TASKS = [
    """
    UPDATE staff_task SET field = CASE
        WHEN key LIKE 'complaint:%' THEN 'complaints' WHEN kind = 'alert' THEN 'alerts'
        WHEN kind IN ('phone', 'handover', 'left_message') THEN 'talks' WHEN kind = 'review' THEN 'residents'
        ELSE 'repairs' END
    WHERE reason = ''
    """,
    """
    UPDATE staff_task SET reason = 'danger', values = jsonb_build_object('kind', split_part(note, ' ', 1),
        'text', substr(note, length(split_part(note, ' ', 1)) + 2)) WHERE reason = '' AND kind = 'alert'
    """,
    """
    UPDATE staff_task SET reason = 'undelivered',
        values = jsonb_build_object('text', regexp_replace(note, '。请电话联系。$', '')) WHERE reason = '' AND kind = 'phone'
    """,
    """
    UPDATE staff_task SET reason = 'complaint_overdue', values = jsonb_build_object('number', split_part(note, ' ', 1),
        'topic', substr(note, length(split_part(note, ' ', 1)) + 2)) WHERE reason = '' AND key LIKE 'complaint:%'
    """,
    """
    UPDATE staff_task SET reason = 'urged', values = jsonb_build_object('count', substr(note, 7)::int)
    WHERE reason = '' AND kind = 'escalation' AND note ~ '^urged:[0-9]+$'
    """,
    """
    UPDATE staff_task SET reason = left(split_part(note, ' ', 2), 32),
        values = jsonb_build_object('binding', substr(split_part(note, ' ', 1), 9)::int)
    WHERE reason = '' AND kind = 'review' AND note ~ '^binding:[0-9]+ [a-z_]+$'
    """,
    """
    UPDATE staff_task SET reason = 'asked_for_people', values = jsonb_build_object('text', note)
    WHERE reason = '' AND kind = 'handover'
    """,
    """
    UPDATE staff_task SET reason = 'left_message', values = jsonb_build_object('text', note)
    WHERE reason = '' AND kind = 'left_message' AND note <> 'handover_timed_out'
    """,
    "UPDATE staff_task SET reason = note WHERE reason = '' AND note ~ '^[a-z_]{1,32}$'",
    "UPDATE staff_task SET reason = 'other', values = jsonb_build_object('text', note) WHERE reason = ''",
]


async def move_events(apps, editor):
    rows = ' UNION ALL '.join(
        ROWS.format(
            table=table, column=column, kind=kind, subject=subject, note=note, body=body,
            community=COMMUNITY.get(kind, 's.community_id'),
        )
        for table, column, kind, subject, note, body in MOVED
    )
    [there] = await editor.client.execute_query_dict('SELECT count(*) AS n FROM event')
    before = 0
    for table, *_ in MOVED:
        [count] = await editor.client.execute_query_dict(f'SELECT count(*) AS n FROM {table}')
        before += count['n']
        if count['n']:
            print(f'  {table}: {count["n"]} events')
    # Indexes are built once over all rows, which is several times quicker than keeping them up row by row.
    indexes = await editor.client.execute_query_dict(INDEXES)
    for one in indexes:
        await editor.client.execute_query(f'DROP INDEX "{one["indexname"]}"')
    await editor.client.execute_query(MOVE.format(rows=rows))
    for one in indexes:
        await editor.client.execute_query(one['indexdef'])
    [after] = await editor.client.execute_query_dict('SELECT count(*) AS n FROM event')
    if after['n'] - there['n'] != before:
        raise RuntimeError(f'{before} events were there, {after["n"] - there["n"]} were moved: nothing is changed')
    tops = ', '.join(f'(SELECT max(id) FROM {table})' for table, *_ in [*MOVED, ('event',)])
    await editor.client.execute_query(
        f"SELECT setval(pg_get_serial_sequence('event', 'id'), greatest({tops}, 1))"
    )
    if before:
        print(f'  event: {before} moved')


class Migration(migrations.Migration):
    dependencies = [('models', '0009_agreed_messages')]

    initial = False

    operations = [
        ops.RunPython(move_events),
        ops.RunSQL(TASKS),
        ops.RemoveField(model_name='StaffTask', name='note'),
        ops.DeleteModel(name='BillEvent'),
        ops.DeleteModel(name='ComplaintEvent'),
        ops.DeleteModel(name='NoticeEvent'),
        ops.DeleteModel(name='RequestEvent'),
        ops.DeleteModel(name='SignUpEvent'),
        ops.DeleteModel(name='TicketEvent'),
        ops.AlterModelOptions(
            name='Ticket',
            options={'table': 'ticket', 'app': 'models', 'indexes': [Index(fields=['reporter_id', 'id']), Index(fields=['technician_id', 'status']), Index(fields=['community_id', 'status', 'id']), Index(fields=['house_id', 'id'])], 'pk_attr': 'id', 'table_description': 'One repair. `number` is what people say aloud; moves between states stand in services/repairs/moves.'},
        ),
    ]
