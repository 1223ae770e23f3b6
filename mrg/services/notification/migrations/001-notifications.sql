create table message (
  message_id text primary key,
  order_id uuid,
  -- Of the news that it tells, where it tells some: newer news make it outdated.
  version int,
  phone text not null,
  text jsonb not null,
  state text not null default 'WAITING',
  reason text,
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  sent_at timestamptz
);

create index message_due on message (next_at) where state = 'WAITING';
create index message_of_order on message (order_id, version);
create index message_age on message (created_at);

create table inbox (
  topic text not null,
  order_id uuid not null,
  status text not null,
  version int not null,
  primary key (topic, order_id, status, version)
);
