-- One row that whoever changes or removes events or streams shares until it commits, and whoever places a hold changes:
-- so that no hold is placed beside a removal that does not see it. What is on record about holds stays on record.
CREATE TABLE IF NOT EXISTS /* schema */mt_legal_holds_turn (
    placed bigint NOT NULL
);
INSERT INTO /* schema */mt_legal_holds_turn
SELECT 0 WHERE NOT EXISTS (SELECT FROM /* schema */mt_legal_holds_turn);
CREATE OR REPLACE TRIGGER mt_guard_record BEFORE UPDATE OR DELETE ON /* schema */mt_legal_holds
    FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_record();
CREATE OR REPLACE TRIGGER mt_guard_record_truncate BEFORE TRUNCATE ON /* schema */mt_legal_holds
    FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_guard_record();
