from . import test_subcontracting_genealogy
