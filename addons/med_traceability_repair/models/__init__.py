from . import med_genealogy
