# Abstract models go first: Odoo builds models in the order of import.
from . import med_kept_file_mixin, med_statutory_mixin  # isort: split

from . import (
    base,
    ir_attachment,
    mail_activity_mixin,
    med_calendar,
    med_calendar_day,
    med_calendar_year,
    med_clock_rule,
    med_document,
    med_jurisdiction,
    med_retention_rule,
    med_turn,
    res_company,
    res_config_settings,
)
