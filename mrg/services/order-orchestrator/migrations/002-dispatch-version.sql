-- News of taxis come in any order: the newest counts. So none needs to be remembered.
alter table orders add column dispatch_version int not null default -1;
drop table inbox;
