"""The engine's hot statements, one round trip each: every step of every task pays for them.

Each that changes a step's status names the statuses it may come from, as the transition table
says (a test compares them), and takes the task's row lock first (`FOR UPDATE` in a CTE): after the
wait PostgreSQL checks the step's row again as it is now, so a lost race changes nothing and returns
no row.
"""

from sqlalchemy import text

CLAIM = text("""
WITH owner AS (
    SELECT t.id, t.status, t.created_at, t.plan_id FROM tasks t
    WHERE t.id = (SELECT task_id FROM agent_tasks WHERE id = :step_id) FOR UPDATE
)
UPDATE agent_tasks a SET status = 'running', started_at = now()
FROM owner
WHERE a.id = :step_id AND a.attempt = :attempt AND owner.status = 'running'
AND a.status IN ('queued')
RETURNING owner.id AS task_id, owner.created_at, owner.plan_id,
    a.key, a.agent, a.spec, a.attempt, a.first_seq
""")

FINISH = text("""
WITH owner AS (
    SELECT t.id FROM tasks t
    WHERE t.id = (SELECT task_id FROM agent_tasks WHERE id = :step_id) FOR UPDATE
)
UPDATE agent_tasks a SET status = 'done', result_sha256 = :result_sha256,
    summary = :summary, error = NULL, finished_at = now()
FROM owner
WHERE a.id = :step_id AND a.attempt = :attempt AND a.status IN ('running')
RETURNING owner.id AS task_id, a.key, a.agent, a.spec ->> 'title' AS title
""")

RELEASE = text("""
UPDATE agent_tasks a SET waiting_on = a.waiting_on - 1
FROM agent_task_edges e
WHERE e.parent_id = :step_id AND a.id = e.child_id AND a.status = 'waiting'
""")

QUEUE_READY = text("""
UPDATE agent_tasks a SET status = 'queued', attempt = a.attempt + 1
FROM tasks t
WHERE t.id = :task_id AND t.status = 'running' AND a.task_id = t.id
AND a.status = 'waiting' AND a.waiting_on = 0
RETURNING a.id, a.attempt, a.ready_at, a.position
""")

SET_JOBS = text("""
UPDATE agent_tasks a SET job_id = j.job_id
FROM unnest(CAST(:step_ids AS uuid[]), CAST(:job_ids AS bigint[])) AS j(step_id, job_id)
WHERE a.id = j.step_id
""")

LIVE_STEP = text("""
SELECT 1 FROM agent_tasks WHERE task_id = :task_id
AND status NOT IN ('done', 'failed', 'skipped', 'cancelled') LIMIT 1
""")
