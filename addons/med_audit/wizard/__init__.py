from . import med_audit_export
