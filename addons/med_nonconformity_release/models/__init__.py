from . import med_release
