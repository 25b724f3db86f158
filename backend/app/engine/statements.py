"""The engine's hot statements: every step of every task pays for them.

A worker's turn is one function of its own session (`TAKE_TURN`): one round trip and one commit for
any number of steps, its plans kept by the server, its text by this program and not by a migration,
so workers of two versions can share a database. It locks its tasks first, in one order, as every
move does, so moves never deadlock; in READ COMMITTED each statement after the lock sees the rows as
they are under it. Each change names the statuses that a step may come from, as the transition table
says (a test compares them): a lost race changes nothing.
"""

# Followers of tasks listen here; a notice is a task's id.
EVENTS_CHANNEL = "madang_task_events"
# Workers listen here. An empty notice says that steps wait; a task's id, that it was stopped.
STEPS_CHANNEL = "madang_steps"
# Who waits for this lock may be waited for, so it is only ever tried.
CLAIM_LOCK = 7_340_014_003

# Mark steps done, count them off for the steps that wait, queue those that wait for nothing more,
# and tell of it.
FINISH = """
WITH ended AS (
    SELECT * FROM unnest(step_ids, attempts, hashes, results, summaries, names)
        AS e (id, attempt, sha256, result, summary, names)
), marked AS (
    UPDATE agent_tasks a SET status = 'done', result_sha256 = e.sha256, result = e.result,
        summary = e.summary, error = NULL, worker_id = NULL, finished_at = clock_timestamp()
    FROM ended e
    WHERE a.id = e.id AND a.attempt = e.attempt AND a.status IN ('running')
    RETURNING a.id, a.task_id, a.key, jsonb_build_object(
        'title', a.spec ->> 'title', 'agent', a.agent, 'summary', e.summary, 'files', e.names
    ) AS payload
), counted AS (
    SELECT g.child_id, count(*) AS parents
    FROM marked m JOIN agent_task_edges g ON g.parent_id = m.id GROUP BY g.child_id
), released AS (
    UPDATE agent_tasks a SET waiting_on = a.waiting_on - c.parents, ready_at = now(),
        status = CASE WHEN a.waiting_on = c.parents AND t.status = 'running'
            THEN 'queued' ELSE a.status END
    FROM counted c, tasks t
    WHERE a.id = c.child_id AND t.id = a.task_id AND a.status IN ('waiting')
), numbered AS (
    UPDATE tasks t SET event_seq = t.event_seq + n.events
    FROM (SELECT task_id, count(*) AS events FROM marked GROUP BY task_id) n
    WHERE t.id = n.task_id
    RETURNING t.id, t.event_seq - n.events AS base
), told AS (
    INSERT INTO task_events (task_id, seq, kind, step_key, payload)
    SELECT m.task_id, n.base + row_number() OVER (PARTITION BY m.task_id ORDER BY m.key),
        'step.done', m.key, m.payload
    FROM marked m JOIN numbered n ON n.id = m.task_id
)
SELECT coalesce(array_agg(m.id), '{}') INTO done FROM marked m
"""

# Insert the rows of files, or replace what earlier attempts left under their names.
SAVE_FILES = """
INSERT INTO artifacts
    (id, task_id, step_key, name, media_type, sha256, size_bytes, report, sources)
SELECT gen_random_uuid(), a.task_id, a.key, f.name, f.media_type, f.sha256, f.size_bytes,
    f.report, f.sources
FROM jsonb_to_recordset(files) AS f (step_id uuid, attempt int, name text, media_type text,
    sha256 text, size_bytes bigint, report jsonb, sources jsonb)
JOIN agent_tasks a ON a.id = f.step_id AND a.attempt = f.attempt AND a.status = 'done'
ON CONFLICT (task_id, name) DO UPDATE SET step_key = excluded.step_key,
    media_type = excluded.media_type, sha256 = excluded.sha256,
    size_bytes = excluded.size_bytes, report = excluded.report, sources = excluded.sources
"""

OVER = """
SELECT coalesce(array_agg(t.id), '{}') INTO over FROM tasks t
WHERE t.id = ANY(task_ids) AND t.status = 'running' AND NOT EXISTS (
    SELECT 1 FROM agent_tasks a
    WHERE a.task_id = t.id AND a.status IN ('waiting', 'queued', 'running')
)
"""

# Take queued steps, fairly: each user's next step counts as many as that user already runs, and
# the lowest count goes first, then the older step. Priority orders the steps of one user only: it
# never decides between users. A task whose row another move holds is left for the next turn.
CLAIM = """
WITH RECURSIVE people AS (
    (SELECT user_id FROM agent_tasks WHERE status = 'queued' ORDER BY user_id LIMIT 1)
    UNION ALL
    SELECT (SELECT a.user_id FROM agent_tasks a
            WHERE a.status = 'queued' AND a.user_id > p.user_id ORDER BY a.user_id LIMIT 1)
    FROM people p WHERE p.user_id IS NOT NULL
), loads AS MATERIALIZED (
    SELECT p.user_id, (SELECT count(*) FROM agent_tasks r
                       WHERE r.user_id = p.user_id AND r.status = 'running')::int AS running
    FROM people p WHERE p.user_id IS NOT NULL
), ranked AS MATERIALIZED (
    SELECT c.id, c.task_id, l.running + c.nth AS turn, c.ready_at, c.position
    FROM loads l CROSS JOIN LATERAL (
        SELECT q.*, row_number() OVER (ORDER BY q.priority DESC, q.ready_at, q.position) AS nth
        FROM (
            SELECT a.id, a.task_id, a.priority, a.ready_at, a.position FROM agent_tasks a
            WHERE a.user_id = l.user_id AND a.status = 'queued' AND a.ready_at <= now()
            ORDER BY a.priority DESC, a.ready_at, a.position
            LIMIT greatest(least(free, user_limit - l.running), 0)
        ) q
    ) c
    ORDER BY turn, c.ready_at, c.position
    LIMIT greatest(0, least(free, total_limit - (
        SELECT count(*) FROM agent_tasks WHERE status = 'running')))
), owners AS MATERIALIZED (
    SELECT t.id, t.plan_id, t.created_at FROM tasks t
    WHERE t.id IN (SELECT task_id FROM ranked) AND t.status = 'running'
    AND (t.deadline_at IS NULL OR t.deadline_at > now()) FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE agent_tasks a SET status = 'running', attempt = a.attempt + 1,
        worker_id = worker, started_at = clock_timestamp()
    FROM ranked r JOIN owners o ON o.id = r.task_id
    WHERE a.id = r.id AND a.status IN ('queued')
    RETURNING a.id, a.task_id, a.key, a.agent, a.attempt, a.first_seq, a.spec ->> 'title' AS title,
        o.plan_id, o.created_at
), numbered AS (
    UPDATE tasks t SET event_seq = t.event_seq + n.events
    FROM (SELECT task_id, count(*) AS events FROM taken GROUP BY task_id) n
    WHERE t.id = n.task_id
    RETURNING t.id, t.event_seq - n.events AS base
), told AS (
    INSERT INTO task_events (task_id, seq, kind, step_key, payload)
    SELECT k.task_id, n.base + row_number() OVER (PARTITION BY k.task_id ORDER BY k.key),
        'step.started', k.key,
        jsonb_build_object('title', k.title, 'agent', k.agent, 'attempt', k.attempt)
    FROM taken k JOIN numbered n ON n.id = k.task_id
)
SELECT (SELECT count(*) FROM ranked), coalesce(jsonb_agg(jsonb_build_array(
    k.id, k.task_id, k.plan_id, k.created_at, k.key, k.attempt, k.first_seq, before.parents)), '[]')
INTO wanted, claimed
FROM taken k CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(
        p.key, p.status, p.result_sha256, p.error ->> 'message') ORDER BY p.position), '[]')
        AS parents
    FROM agent_task_edges g JOIN agent_tasks p ON p.id = g.parent_id WHERE g.child_id = k.id
) before
"""

TAKE_TURN = f"""
CREATE OR REPLACE FUNCTION pg_temp.take_turn(
    step_ids uuid[], attempts int[], hashes text[], results text[], summaries text[],
    names jsonb[], files jsonb, task_ids uuid[], worker uuid,
    free int, user_limit int, total_limit int,
    OUT done uuid[], OUT over uuid[], OUT wanted int, OUT is_open boolean, OUT claimed jsonb
) LANGUAGE plpgsql AS $turn$
#variable_conflict use_column
BEGIN
    IF step_ids IS NOT NULL THEN
        PERFORM 1 FROM tasks t WHERE t.id = ANY(task_ids) ORDER BY t.id FOR UPDATE;
        {FINISH};
        IF files IS NOT NULL THEN
            {SAVE_FILES};
        END IF;
        {OVER};
        PERFORM pg_notify('{EVENTS_CHANNEL}', u.id::text) FROM unnest(task_ids) AS u (id);
    END IF;
    IF free > 0 THEN
        is_open := pg_try_advisory_xact_lock({CLAIM_LOCK});
        IF is_open THEN
            {CLAIM};
            PERFORM pg_notify('{EVENTS_CHANNEL}', k.step ->> 1)
            FROM jsonb_array_elements(claimed) AS k (step);
            -- A worker that took all it could leaves the rest to the others: wake them.
            IF jsonb_array_length(claimed) = free THEN
                PERFORM pg_notify('{STEPS_CHANNEL}', '') FROM agent_tasks
                WHERE status = 'queued' AND ready_at <= now() LIMIT 1;
            END IF;
        END IF;
    END IF;
END
$turn$
"""

CALL_TURN = """
SELECT done::text[], over::text[], wanted, is_open, claimed FROM pg_temp.take_turn(
    %(step_ids)s::uuid[], %(attempts)s::int[], %(hashes)s::text[], %(results)s::text[],
    %(summaries)s::text[], %(names)s::jsonb[], %(files)s::jsonb, %(task_ids)s::uuid[],
    %(worker)s, %(free)s, %(user_limit)s, %(total_limit)s)
"""

HELD = """
SELECT id::text, attempt FROM agent_tasks WHERE worker_id = %(worker_id)s AND status = 'running'
"""

# Queue what waits for nothing in a running task, outside of a turn.
PUMP = """
UPDATE agent_tasks a SET status = 'queued', ready_at = greatest(a.ready_at, now())
FROM tasks t
WHERE t.id = :task_id AND t.status = 'running' AND a.task_id = t.id
AND a.status IN ('waiting') AND a.waiting_on = 0
"""

RELEASE = """
UPDATE agent_tasks a SET waiting_on = a.waiting_on - 1
FROM agent_task_edges e
WHERE e.parent_id = :step_id AND a.id = e.child_id AND a.status = 'waiting'
"""

# Steps that nobody will end. Who took one within the lease lived then, whatever its heartbeat says:
# it has just woken up, and its row may have been forgotten.
FIND_LOST = """
SELECT a.id::text, a.attempt FROM agent_tasks a LEFT JOIN workers w ON w.id = a.worker_id
WHERE a.status = 'running' AND (
    :all_workers_dead
    OR coalesce(greatest(w.heartbeat_at, a.started_at), '-infinity')
        < now() - make_interval(secs => :lease_s)
)
"""

# Tasks whose last step ended and whose worker died before it could close them.
FIND_UNCLOSED = """
SELECT t.id::text FROM tasks t
WHERE t.status = 'running' AND NOT EXISTS (
    SELECT 1 FROM agent_tasks a
    WHERE a.task_id = t.id AND a.status IN ('waiting', 'queued', 'running')
)
ORDER BY t.id
"""

FORGET_WORKERS = """
DELETE FROM workers WHERE heartbeat_at < now() - make_interval(secs => :silent_s)
"""

HEARTBEAT = """
INSERT INTO workers (id, name) VALUES (%(worker_id)s, %(name)s)
ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()
"""
