from . import test_hazard, test_links
