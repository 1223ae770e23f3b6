create table rider (
  rider_id text primary key,
  phone text not null unique,
  name text not null,
  favourites jsonb not null default '[]',
  payment_methods jsonb not null default '["card", "e-wallet"]'
);

-- The riders of this lab: +62811000001 and so on.
insert into rider (rider_id, phone, name, favourites)
select 'rider-' || n, '+62811' || lpad(n::text, 6, '0'), 'Rider ' || n,
  '[{"label": "home", "place": {"lat": -6.2297, "lng": 106.8295, "address": "Jl. Jenderal Sudirman 52, Jakarta"}}]'
from generate_series(1, 200) n;
