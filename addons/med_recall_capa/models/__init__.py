from . import med_recall
from . import med_recall_wizard
from . import med_nonconformity
