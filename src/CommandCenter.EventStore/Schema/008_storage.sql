-- How each table is kept, by how it is written (ADR 0010). Columns, indexes and what Marten compares stay as they are; pages written before keep their form until they are written again.

-- Rows that nobody changes. Vacuum comes for every so many new rows, however large the table is, and freezes them at once, while their pages are still in memory: nothing is left for the one that wraparound forces.
alter table mt_events set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000, autovacuum_freeze_min_age = 0);
alter table cc_leaves set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000, autovacuum_freeze_min_age = 0);
-- One row for 256 events.
alter table cc_nodes set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000, autovacuum_freeze_min_age = 0);

-- Every append moves version and timestamp, which no index holds: with room on its page the new row version costs no index entry, and the next visitor of the page clears the old one away.
alter table mt_streams set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_insert_scale_factor = 0.05);

-- Rows that every batch updates. Vacuum comes in every round: a threshold is hardly ever seen to be passed, because whoever visits the page clears its dead versions away, and pages that the row has left are cleared by nobody else.
alter table cc_log set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 0, autovacuum_vacuum_cost_delay = 0);
alter table mt_event_progression set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 0, autovacuum_vacuum_cost_delay = 0);

-- Queues: rows come and go, and the dead ones lie where the next claim begins to read. No fillfactor: each change of a timer changes an indexed column.
alter table cc_timers set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
alter table cc_outbox set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);

-- A day's deletion is a four-hundredth of the table; a fifth, the default, would come once in eighty days.
alter table cc_commands set (autovacuum_vacuum_scale_factor = 0.002, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_insert_scale_factor = 0.05);

-- Nothing is ever looked for by what stands in these: statistics of them would be sorted documents, a fifth of the server's work while a log is young and analyzed often.
alter table mt_events alter column data set statistics 0, alter column headers set statistics 0;
alter table cc_commands alter column receipt set statistics 0, alter column request_hash set statistics 0;
alter table cc_leaves alter column hash set statistics 0;
