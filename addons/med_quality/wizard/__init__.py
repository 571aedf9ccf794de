from . import med_hold_wizard, med_lot_split, med_opening
