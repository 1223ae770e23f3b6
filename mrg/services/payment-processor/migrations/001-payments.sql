-- One row for the money of one order. `lease` lets one instance at a time ask the gateways for it.
create table payment (
  order_id uuid primary key,
  rider_id text not null,
  amount_idr bigint not null,
  method text not null,
  state text not null,
  charge text not null,
  version int not null,
  gateway text,
  charge_id text,
  lease_by uuid,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index payment_open on payment (updated_at) where state in ('WAITING_FOR_PAYMENT', 'REQUEST_REFUND', 'REQUEST_PAYMENT_LINK');

-- What each gateway was asked for, written down before it is asked.
-- SENT: no answer yet; HELD: it holds the money; DECLINED; NOT_DONE: it surely holds nothing;
-- UNCERTAIN: it may hold it; TO_VOID: it must let go; VOIDED: it has.
create table attempt (
  order_id uuid not null references payment,
  gateway text not null,
  state text not null,
  charge_id text,
  updated_at timestamptz not null default now(),
  primary key (order_id, gateway)
);
create index attempt_open on attempt (updated_at) where state in ('SENT', 'UNCERTAIN', 'TO_VOID');

create table webhook (
  gateway text not null,
  event_id text not null,
  received_at timestamptz not null default now(),
  primary key (gateway, event_id)
);

create table outbox (
  id bigint generated always as identity primary key,
  event jsonb not null
);
