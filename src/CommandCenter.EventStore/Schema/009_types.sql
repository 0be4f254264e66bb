-- Reading by type. It is the index that Marten makes when its option EnableEventTypeIndex is on, under Marten's name.
create index idx_mt_events_event_type_seq_id on mt_events (type, seq_id);
