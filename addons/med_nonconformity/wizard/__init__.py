from . import med_nonconformity_split, med_nonconformity_wizard
