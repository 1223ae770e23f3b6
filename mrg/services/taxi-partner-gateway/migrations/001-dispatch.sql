-- One row for the taxi of one order.
create table dispatch (
  order_id uuid primary key,
  state text not null,
  version int not null,
  pickup jsonb not null,
  dropoff jsonb not null,
  rider jsonb not null,
  fare_idr bigint not null,
  reason text,
  driver jsonb,
  vehicle jsonb,
  -- The partner's order, once it is known; and the last change of it that was seen.
  bbd_id text,
  bbd_sequence int not null default 0,
  seen_at timestamptz,
  -- Set before it is sent, cleared once it is certain: while set, the partner may have an order we do not know of.
  sent_at timestamptz,
  -- One instance at a time works on it; nobody tries again before that moment.
  lease_until timestamptz,
  try_after timestamptz not null default now(),
  -- The desk.
  queued_at timestamptz,
  claimed_by text,
  claimed_until timestamptz,
  held_note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index dispatch_open on dispatch (created_at)
  where state in ('PENDING_DISPATCH', 'DISPATCH_UNKNOWN', 'MANUAL_QUEUE');
create index dispatch_active on dispatch (seen_at) where state in ('LOOKING_FOR_DRIVER', 'EN_ROUTE', 'ON_TRIP');
create index dispatch_offline on dispatch (updated_at) where state = 'OFFLINE_DISPATCH';
create index dispatch_uncertain on dispatch (sent_at) where sent_at is not null;

-- What was asked of the partner for an order, and what came of it.
create table attempt (
  id bigint generated always as identity primary key,
  order_id uuid not null,
  at timestamptz not null default now(),
  ask text not null,
  outcome text not null
);
create index attempt_of_order on attempt (order_id, id);

-- Orders that were called off before they came here: they get no taxi when they do come.
create table called_off (
  order_id uuid primary key
);

-- Orders at the partner that nobody wants: each is cancelled there, however long that takes.
create table stray (
  bbd_id text primary key,
  order_id uuid not null,
  try_after timestamptz not null default now()
);

create table outbox (
  id bigint generated always as identity primary key,
  event jsonb not null
);
