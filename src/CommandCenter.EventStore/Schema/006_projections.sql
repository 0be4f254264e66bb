-- Rebuilds under way and coverage audits (ADR 0011). A rebuild's checkpoint is the row name:Rebuild of mt_event_progression; its tables stand in a schema of their own until they are swapped in.
create table cc_rebuilds (
  projection varchar not null,
  started_at timestamptz not null,
  constraint pk_cc_rebuilds primary key (projection)
);

-- How far the audit of each projection has come in its present sweep, and when it last came to the end.
create table cc_audits (
  projection varchar not null,
  epoch int not null,
  position bigint not null,
  swept_at timestamptz null,
  constraint pk_cc_audits primary key (projection)
);

-- Ranges in which the read tables lacked what the log asks for when they were last recounted.
create table cc_missing (
  projection varchar not null,
  after_position bigint not null,
  to_position bigint not null,
  expected bigint not null,
  found bigint not null,
  example text not null,
  found_at timestamptz not null,
  constraint pk_cc_missing primary key (projection, after_position)
);
