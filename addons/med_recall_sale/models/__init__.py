from . import med_recall
