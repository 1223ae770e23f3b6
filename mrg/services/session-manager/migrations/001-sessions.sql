create table quote (
  quote_id uuid primary key,
  pickup jsonb not null,
  dropoff jsonb not null,
  distance_m int not null,
  duration_s int not null,
  fare_idr int not null,
  is_estimate boolean not null,
  basis text not null,
  expires_at timestamptz not null
);

create index quote_expired on quote (expires_at);

-- The latest fare that the Price Manager gave between two zones.
create table last_good_price (
  from_zone text not null,
  to_zone text not null,
  fare_idr int not null,
  priced_at timestamptz not null,
  primary key (from_zone, to_zone)
);
