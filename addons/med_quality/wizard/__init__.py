from . import med_hold_wizard
