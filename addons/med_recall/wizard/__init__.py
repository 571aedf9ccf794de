from . import med_recall_wizard
