-- A neutralized copy keeps a log of its own.
SELECT med_audit.new_log('neutralize');
-- It puts no checkpoint where those of the original are kept.
DELETE FROM ir_config_parameter
 WHERE key IN ('med_audit.anchor_folder', 'med_audit.anchor_emails', 'med_audit.tsa_url');
