from . import test_contain, test_decide, test_report
