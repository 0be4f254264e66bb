-- What the relay needs to know of a message (ADR 0009). One that was never tried is due at once, whatever any clock says; so are those from before this step.
-- claimable_at is the next attempt's instant, or the end of the lease while the message is leased.
alter table cc_outbox
  add column token uuid not null default gen_random_uuid(),
  add column attempts int not null default 0,
  add column next_attempt_at timestamptz not null default '-infinity',
  add column lease uuid null,
  add column leased_until timestamptz null,
  add column claimable_at timestamptz not null generated always as (greatest(next_attempt_at, leased_until)) stored,
  add column last_error text null,
  add column dead_at timestamptz null;

create index ix_cc_outbox_claimable on cc_outbox (kind, claimable_at, id) where dead_at is null;
create index ix_cc_outbox_key on cc_outbox (kind, key, id) where dead_at is null;
create index ix_cc_outbox_dead on cc_outbox (id) where dead_at is not null;
