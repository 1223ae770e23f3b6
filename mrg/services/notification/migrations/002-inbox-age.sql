-- How long ago an event was seen: the same one does not come again after weeks.
alter table inbox add column seen_at timestamptz not null default now();
create index inbox_age on inbox (seen_at);
