-- The newest version of each topic stays, however often and in whatever order events come: none needs to be remembered.
drop table inbox;
