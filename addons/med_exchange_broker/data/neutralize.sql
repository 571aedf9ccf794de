-- A copy of a database signs in to no broker.
UPDATE med_exchange_broker SET password = NULL, active = false;
