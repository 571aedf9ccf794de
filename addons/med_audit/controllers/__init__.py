from . import audit_files
