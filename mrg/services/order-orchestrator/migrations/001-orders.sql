create table cart (
  cart_id uuid primary key,
  rider_id text not null,
  rider jsonb not null,
  quote jsonb not null,
  payment_method text not null,
  expires_at timestamptz not null,
  -- Set once it has become an order.
  order_id uuid
);
create index cart_expired on cart (expires_at) where order_id is null;

create table orders (
  order_id uuid primary key,
  rider_id text not null,
  rider jsonb not null,
  quote jsonb not null,
  payment_method text not null,
  state text not null,
  version int not null,
  reason text,
  -- Set before anything is undone: whoever does something for the order afterwards finds it, and undoes that too.
  called_off boolean not null default false,
  -- The taxi, as last heard of.
  dispatch_state text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index orders_open on orders (created_at) where state = 'CREATED';

-- A key that a rider sent before: the same request gets the same order.
create table idempotency (
  rider_id text not null,
  key text not null,
  request_hash text not null,
  order_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (rider_id, key)
);

-- The instances that run workflows, and when each was last seen alive.
create table executor (
  id text primary key,
  seen timestamptz not null
);

create table outbox (
  id bigint generated always as identity primary key,
  event jsonb not null
);

create table inbox (
  topic text not null,
  order_id uuid not null,
  status text not null,
  version int not null,
  primary key (topic, order_id, status, version)
);
