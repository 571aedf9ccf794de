from . import med_genealogy_check
from . import med_genealogy_check_line
