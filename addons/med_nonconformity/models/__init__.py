from . import med_deviation
