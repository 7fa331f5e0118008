-- From the plain layout to one part for each tenant, cut by months: head, the current month and three more, tail. Only
-- for an empty mt_events of conjoined tenants, in the place of V002__partitioning_setup. The key begins with seq_id,
-- for pages read by sequence. A tenant's part is made with its first stream; that of the default tenant is there from
-- the beginning and tells the period.
-- formerly bc14346997a755ff88108764e0422e05ac38b0c7c368d06d5dcd1748ffae92ba

DO $$
BEGIN
    LOCK TABLE /* schema */mt_events IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM /* schema */mt_events) THEN
        RAISE EXCEPTION 'mt_events holds events: V002 sets up empty stores only'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Keep --layout plain, or convert the store to partitions by time.';
    END IF;
END
$$;

ALTER TABLE /* schema */mt_events RENAME TO mt_events_plain;

CREATE TABLE /* schema */mt_events (
    LIKE /* schema */mt_events_plain INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMMENTS
) PARTITION BY LIST (tenant_id);

ALTER SEQUENCE /* schema */mt_events_sequence OWNED BY /* schema */mt_events.seq_id;

DROP TABLE /* schema */mt_events_plain;

ALTER TABLE /* schema */mt_events
    ADD CONSTRAINT pkey_mt_events_seq_id_timestamp_tenant_id PRIMARY KEY (seq_id, timestamp, tenant_id);

SELECT /* schema */mt_set_up_partitions(/* period */'month', 3);
