-- Roots of perfect subtrees at every eighth level, written as they are completed (ADR 0008). A log from before this step has none for its older leaves, and they are computed from the leaves then.
create table cc_nodes (
  level int not null,
  index bigint not null,
  hash bytea not null,
  constraint pk_cc_nodes primary key (level, index),
  constraint whole_hash check (octet_length(hash) = 32)
);
