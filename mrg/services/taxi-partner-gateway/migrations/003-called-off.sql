-- Since when an order is to be called off: it is not kept for ever because the partner cannot say whether it has it.
alter table called_off add column asked_at timestamptz not null default now();
