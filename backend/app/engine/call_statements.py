"""The two moves of a paid call, each one function of the session: one round trip, one commit.

Money is moved in one order: the step, the task, the limits of its owner. Every row that may say no
is locked before any is changed, so a refusal changes nothing; that no sum passes its cap is a
constraint of each table as well.
"""

from app.engine.statements import EVENTS_CHANNEL

# Find the recorded reply, or reserve the worst case and write the intent.
OPEN_CALL = """
CREATE OR REPLACE FUNCTION pg_temp.open_call(
    p_call uuid, p_task uuid, p_step uuid, p_key text, p_attempt int, p_seq int,
    p_operation text, p_model text, p_hash text, p_models text[], p_hashes text[],
    p_request json, p_reserve numeric,
    OUT outcome text, OUT reply jsonb, OUT model text,
    OUT scope text, OUT cap numeric, OUT spent numeric, OUT held numeric
) LANGUAGE plpgsql AS $open$
#variable_conflict use_column
DECLARE
    state text;
    owner uuid;
    is_late boolean;
    maker uuid;
    sent model_calls%ROWTYPE;
    sends int := 0;
    own_sends int := 0;
    place int := array_position(p_models, p_model);
    last model_calls%ROWTYPE;
    event_number bigint;
    limits bigint[];
BEGIN
    -- The lock first: what is read after it cannot change before this transaction ends.
    SELECT t.status, t.user_id, coalesce(t.deadline_at <= clock_timestamp(), false), t.replan_id
    INTO state, owner, is_late, maker FROM tasks t WHERE t.id = p_task FOR UPDATE;
    IF p_step IS NULL THEN
        -- A first plan is made in planning; a new plan by the one who holds the task for it.
        outcome := CASE
            WHEN state = 'planning' OR p_key = 'replan:' || replace(maker::text, '-', '') THEN NULL
            ELSE 'stale' END;
    ELSIF is_late OR NOT EXISTS (
        SELECT 1 FROM agent_tasks a
        WHERE a.id = p_step AND a.attempt = p_attempt AND a.status = 'running'
    ) THEN
        outcome := 'stale';
    END IF;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;
    FOR sent IN
        SELECT c.* FROM model_calls c
        WHERE c.task_id = p_task AND c.step_key = p_key AND c.seq = p_seq ORDER BY c.send
    LOOP
        IF sent.id = p_call THEN
            -- Written by a try whose commit was not acknowledged.
            outcome := 'opened';
        ELSIF sent.request_hash <> ALL (p_hashes) THEN
            outcome := 'changed';
        ELSIF sent.status = 'done' AND sent.reply IS NOT NULL THEN
            outcome := 'recorded';
            reply := sent.reply;
        END IF;
        IF outcome IS NOT NULL THEN
            RETURN;
        END IF;
        sends := sends + 1;
        own_sends := own_sends + (sent.request_hash = p_hash)::int;
        last := sent;
    END LOOP;
    IF last.status IN ('intent', 'unknown') AND array_position(p_hashes, last.request_hash) > place
    THEN
        -- A fallback may have answered: asking the model before it would be a second bill.
        outcome := 'elsewhere';
        model := last.model;
    ELSIF last.status = 'rejected' AND EXISTS (
        SELECT 1 FROM model_calls c
        WHERE c.task_id = p_task AND c.step_key = p_key AND c.seq = p_seq + 1
    ) THEN
        outcome := 'passed';
    END IF;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;
    -- What is needed must be free in all, or the narrowest cap says no.
    SELECT 'step', a.cap_usd, a.spent_usd, a.reserved_usd INTO scope, cap, spent, held
    FROM agent_tasks a
    WHERE a.id = p_step AND a.spent_usd + a.reserved_usd + p_reserve > a.cap_usd;
    IF scope IS NULL THEN
        SELECT 'task', t.cap_usd, t.spent_usd, t.reserved_usd INTO scope, cap, spent, held
        FROM tasks t
        WHERE t.id = p_task AND t.spent_usd + t.reserved_usd + p_reserve > t.cap_usd;
    END IF;
    INSERT INTO spend_limits (scope, owner_id, starts_on, cap_usd)
    SELECT 'user_day', u.id, (now() AT TIME ZONE 'UTC')::date, u.daily_cap_usd
    FROM users u WHERE u.id = owner
    ON CONFLICT DO NOTHING;
    SELECT array_agg(l.id) INTO limits FROM (
        SELECT s.id FROM spend_limits s
        WHERE s.scope = 'user_day' AND s.owner_id = owner
        AND s.starts_on = (now() AT TIME ZONE 'UTC')::date
        ORDER BY s.id FOR UPDATE
    ) l;
    IF scope IS NULL THEN
        SELECT s.scope, s.cap_usd, s.spent_usd, s.reserved_usd INTO scope, cap, spent, held
        FROM spend_limits s
        WHERE s.id = ANY(limits) AND s.spent_usd + s.reserved_usd + p_reserve > s.cap_usd
        ORDER BY s.id LIMIT 1;
    END IF;
    IF scope IS NOT NULL THEN
        outcome := 'capped';
        RETURN;
    END IF;
    UPDATE agent_tasks SET reserved_usd = reserved_usd + p_reserve WHERE id = p_step;
    UPDATE tasks SET reserved_usd = reserved_usd + p_reserve WHERE id = p_task;
    UPDATE spend_limits SET reserved_usd = reserved_usd + p_reserve WHERE id = ANY(limits);
    INSERT INTO model_calls (id, task_id, step_key, seq, send, attempt, operation, model,
        request_hash, request, status, reserved_usd, limit_ids)
    VALUES (p_call, p_task, p_key, p_seq, sends + 1, p_attempt, p_operation, p_model,
        p_hash, CASE WHEN own_sends = 0 THEN p_request END, 'intent', p_reserve, limits);
    IF own_sends = 0 AND sends > 0 THEN
        UPDATE tasks SET event_seq = event_seq + 1 WHERE id = p_task
        RETURNING event_seq INTO event_number;
        INSERT INTO task_events (task_id, seq, kind, step_key, payload)
        VALUES (p_task, event_number, 'step.fallback', p_key, jsonb_build_object(
            'from', last.model, 'to', p_model, 'operation', p_operation, 'reason', last.error));
        PERFORM pg_notify('events_channel', p_task::text);
    END IF;
    outcome := 'opened';
END
$open$
""".replace("events_channel", EVENTS_CHANNEL)

# Turn the call's reservation, or what it was counted at, into what it cost. A call dearer than its
# reservation counts for no more than a cap has left: its reply must not be lost to the constraint.
# Its own row keeps the whole cost.
SETTLE_CALL = """
CREATE OR REPLACE FUNCTION pg_temp.settle_call(
    p_call uuid, p_status text, p_cost numeric, p_input int, p_output int, p_reply jsonb,
    p_error text
) RETURNS void LANGUAGE plpgsql AS $settle$
#variable_conflict use_column
DECLARE
    open model_calls%ROWTYPE;
    was text;
    cost numeric;
    released numeric := 0;
    counted numeric := 0;
BEGIN
    PERFORM 1 FROM tasks t
    WHERE t.id = (SELECT c.task_id FROM model_calls c WHERE c.id = p_call) FOR UPDATE;
    SELECT c.* INTO open FROM model_calls c WHERE c.id = p_call FOR UPDATE;
    was := open.status;
    IF was IS NULL OR was IN ('done', 'rejected') OR (was = 'unknown' AND p_status = 'unknown') THEN
        RETURN;
    END IF;
    cost := coalesce(p_cost, open.reserved_usd);
    IF was = 'intent' THEN
        released := open.reserved_usd;
    ELSE
        counted := open.cost_usd;
    END IF;
    UPDATE agent_tasks SET reserved_usd = reserved_usd - released,
        spent_usd = least(spent_usd + cost - counted, coalesce(
            cap_usd - reserved_usd + released, spent_usd + cost - counted))
    WHERE task_id = open.task_id AND key = open.step_key;
    UPDATE tasks SET reserved_usd = reserved_usd - released,
        spent_usd = least(spent_usd + cost - counted, cap_usd - reserved_usd + released)
    WHERE id = open.task_id;
    UPDATE spend_limits SET reserved_usd = reserved_usd - released,
        spent_usd = least(spent_usd + cost - counted, coalesce(
            cap_usd - reserved_usd + released, spent_usd + cost - counted))
    WHERE id = ANY(open.limit_ids);
    UPDATE model_calls SET status = p_status, cost_usd = cost, input_tokens = p_input,
        output_tokens = p_output, reply = p_reply, error = left(p_error, 500), settled_at = now()
    WHERE id = p_call;
END
$settle$
"""

CALL_OPEN = """
SELECT outcome, reply, model, scope, cap, spent, held FROM pg_temp.open_call(
    %(call_id)s, %(task_id)s, %(step_id)s, %(step_key)s, %(attempt)s, %(seq)s,
    %(operation)s, %(model)s, %(request_hash)s,
    %(models)s::text[], %(call_hashes)s::text[], %(request)s::json, %(reserve)s)
"""

CALL_SETTLE = """
SELECT pg_temp.settle_call(
    %(call_id)s, %(status)s, %(cost)s, %(input_tokens)s, %(output_tokens)s, %(reply)s::jsonb,
    %(error)s)
"""

# Open calls that nobody will settle: they may have been billed, so their worst case is spent.
COUNT_OPEN = """
WITH counted AS (
    UPDATE model_calls SET status = 'unknown', cost_usd = reserved_usd, settled_at = now(),
        error = 'in flight when its worker was lost'
    WHERE task_id = :task_id AND status = 'intent'
    AND (step_key = :step_key OR CAST(:step_key AS text) IS NULL)
    RETURNING step_key, reserved_usd, limit_ids
), steps AS (
    UPDATE agent_tasks a SET reserved_usd = a.reserved_usd - c.usd, spent_usd = a.spent_usd + c.usd
    FROM (SELECT step_key, sum(reserved_usd) AS usd FROM counted GROUP BY step_key) c
    WHERE a.task_id = :task_id AND a.key = c.step_key
), task AS (
    UPDATE tasks t SET reserved_usd = t.reserved_usd - c.usd, spent_usd = t.spent_usd + c.usd
    FROM (SELECT sum(reserved_usd) AS usd FROM counted) c
    WHERE t.id = :task_id AND c.usd IS NOT NULL
), limits AS (
    UPDATE spend_limits l SET reserved_usd = l.reserved_usd - c.usd, spent_usd = l.spent_usd + c.usd
    FROM (SELECT u.id, sum(reserved_usd) AS usd
          FROM counted CROSS JOIN LATERAL unnest(limit_ids) AS u (id) GROUP BY u.id) c
    WHERE l.id = c.id
)
SELECT count(*) FROM counted
"""
