from . import med_archive_step
