create table subscription (
  consumer text not null,
  topic text not null,
  primary key (consumer, topic)
);

create table message (
  id bigint generated always as identity primary key,
  consumer text not null,
  event jsonb not null,
  attempts int not null default 0,
  available_at timestamptz not null default now()
);

create index message_next on message (consumer, available_at, id);
