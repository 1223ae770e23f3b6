-- What operators did, each written in the transaction that did it.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  operator text not null,
  action text not null,
  -- Null: it was about no single order.
  order_id uuid,
  detail text not null
);
create index audit_of_order on audit (order_id, id);

-- What one shift tells the next.
create table shift_note (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  operator text not null,
  text text not null
);

-- How each instance finds the partner: every one has a breaker of its own.
create table bridge (
  instance text primary key,
  breaker text not null,
  seen_at timestamptz not null
);

-- A try at the partner changes what operators see, also when the order stays where it is.
create function tell_desk_of_attempt() returns trigger language plpgsql as $$
begin
  perform pg_notify('mrg_desk', '') from dispatch
    where order_id = new.order_id and state in ('MANUAL_QUEUE', 'DISPATCH_UNKNOWN');
  return null;
end $$;
create trigger attempt_tells_desk after insert on attempt for each row execute function tell_desk_of_attempt();
