-- From the plain layout to monthly RANGE partitions on timestamp: head, the current month and three more, tail.
-- Only for an empty mt_events; one that holds events is converted by `marten-eventing convert`.

DO $$
BEGIN
    LOCK TABLE /* schema */mt_events IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM /* schema */mt_events) THEN
        RAISE EXCEPTION 'mt_events holds events: V002 sets up empty stores only'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Keep --layout plain, or convert the store.';
    END IF;
END
$$;

ALTER TABLE /* schema */mt_events RENAME TO mt_events_plain;

CREATE TABLE /* schema */mt_events (
    LIKE /* schema */mt_events_plain INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMMENTS
) PARTITION BY RANGE (timestamp);

ALTER SEQUENCE /* schema */mt_events_sequence OWNED BY /* schema */mt_events.seq_id;

DROP TABLE /* schema */mt_events_plain;

ALTER TABLE /* schema */mt_events
    ADD CONSTRAINT pkey_mt_events_seq_id_timestamp PRIMARY KEY (seq_id, timestamp);

SELECT /* schema */mt_set_up_partitions(/* period */'month', 3);
