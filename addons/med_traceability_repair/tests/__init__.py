from . import test_repair_genealogy
