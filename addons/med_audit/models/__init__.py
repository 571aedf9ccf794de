from . import (
    med_audit_entry,
    ir_http,
    res_users,
    ir_cron,
)
