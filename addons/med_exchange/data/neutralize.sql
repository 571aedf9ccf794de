-- A copy of a database speaks to nobody: its partners wait, and its secrets are gone.
UPDATE med_exchange_partner SET state = 'suspended', token = NULL, url = NULL, transport = 'pull';
UPDATE med_exchange_key SET secret = NULL WHERE secret IS NOT NULL;
UPDATE med_exchange_line SET state = 'stopped', next_try = NULL, last_step = 'Stopped: this is a copy';
