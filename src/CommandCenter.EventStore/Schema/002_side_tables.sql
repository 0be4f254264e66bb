-- What Marten's tables do not hold. Marten's migrations leave tables alone that they do not know.

-- One row: where the log ends. Written by every append under the store lock, so its page keeps room for new versions of the row.
create table cc_log (
  only_row bool not null default true,
  epoch int not null,
  last_position bigint not null,
  last_recorded_at timestamptz null,
  tree_peaks bytea not null,
  constraint pk_cc_log primary key (only_row),
  constraint only_one_row check (only_row),
  constraint whole_peaks check (octet_length(tree_peaks) % 32 = 0)
) with (fillfactor = 10);

insert into cc_log (epoch, last_position, tree_peaks) values (1, 0, '');

create table cc_leaves (
  position bigint not null,
  hash bytea not null,
  constraint pk_cc_leaves primary key (position),
  constraint whole_hash check (octet_length(hash) = 32)
);

create table cc_commands (
  actor varchar collate "C" not null,
  id varchar collate "C" not null,
  request_hash bytea not null,
  recorded_at timestamptz not null,
  receipt jsonb not null,
  constraint pk_cc_commands primary key (actor, id)
);

create index ix_cc_commands_recorded_at on cc_commands (recorded_at);

-- claimable_at is the due instant, or the end of the lease while the timer is leased.
create table cc_timers (
  saga varchar collate "C" not null,
  saga_id varchar collate "C" not null,
  name varchar collate "C" not null,
  attempt int not null,
  due_at timestamptz not null,
  lease uuid null,
  leased_until timestamptz null,
  claimable_at timestamptz not null generated always as (greatest(due_at, leased_until)) stored,
  constraint pk_cc_timers primary key (saga, saga_id, name, attempt)
);

create index ix_cc_timers_due on cc_timers (due_at, saga, saga_id, name, attempt);
create index ix_cc_timers_claimable on cc_timers (claimable_at);

create table cc_outbox (
  id bigint generated always as identity,
  kind varchar not null,
  key varchar not null,
  payload bytea not null,
  position bigint not null,
  recorded_at timestamptz not null,
  constraint pk_cc_outbox primary key (id)
);

create table cc_projections (
  name varchar not null,
  epoch int not null,
  constraint pk_cc_projections primary key (name)
);

create table cc_parked (
  projection varchar not null,
  stream varchar not null,
  position bigint not null,
  reason text not null,
  parked_at timestamptz not null,
  constraint pk_cc_parked primary key (projection, stream)
);
