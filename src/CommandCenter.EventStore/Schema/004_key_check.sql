-- One row: by which a key store is known to be the one of this log (ADR 0003). It says nothing about the keys.
create table cc_key_check (
  only_row bool not null default true,
  value bytea not null,
  constraint pk_cc_key_check primary key (only_row),
  constraint only_one_key_check check (only_row),
  constraint whole_value check (octet_length(value) = 32)
);
