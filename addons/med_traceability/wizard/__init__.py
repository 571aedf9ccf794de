from . import med_genealogy_check
from . import med_genealogy_check_line
from . import med_udi_discrepancy_settle
from . import med_udi_di_renew
from . import med_udi_import_line
from . import med_udi_import
from . import med_udi_export
from . import med_label_step
