-- Which files lie beside the log, who brought them, and whether an event names them (ADR 0023). An append that names a file locks its row, and so does whoever collects what nobody named.
create table cc_files (
  hash text not null,
  media_type text not null,
  length bigint not null,
  stored_at timestamptz not null,
  named boolean not null default false,
  collecting boolean not null default false,
  constraint pk_cc_files primary key (hash)
);

create index ix_cc_files_unnamed on cc_files (stored_at) where not named;

create table cc_file_owners (
  hash text not null,
  actor text not null,
  client text not null default '',
  constraint pk_cc_file_owners primary key (hash, actor, client),
  constraint fk_cc_file_owners_hash foreign key (hash) references cc_files (hash) on delete cascade
);

-- Uploads under way. Whole blocks lie sealed in a folder, what is less than a block lies sealed in tail, and received is what was acknowledged.
create table cc_uploads (
  id text not null,
  actor text not null,
  length bigint not null,
  metadata bytea not null,
  received bigint not null default 0,
  tail bytea null,
  writer bytea null,
  last_from bigint null,
  last_mac bytea null,
  expires_at timestamptz not null,
  file text null,
  refusal text null,
  client text not null default '',
  constraint pk_cc_uploads primary key (id)
);

create index ix_cc_uploads_expires on cc_uploads (expires_at);
create index ix_cc_uploads_open on cc_uploads (actor) where file is null and refusal is null;

-- Rows come and go, and an upload's row changes with every piece.
alter table cc_uploads set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
