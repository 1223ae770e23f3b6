-- One row for each order: the newest that each service has said of it. Everything but the id and the time may still be
-- unknown, since news come in any order.
create table order_view (
  order_id uuid primary key,
  rider_id text,
  created_at timestamptz,
  "order" jsonb,
  payment jsonb,
  dispatch jsonb,
  updated_at timestamptz not null
);

create index order_view_of_rider on order_view (rider_id, created_at desc, order_id desc);

create table inbox (
  topic text not null,
  order_id uuid not null,
  status text not null,
  version int not null,
  primary key (topic, order_id, status, version)
);
