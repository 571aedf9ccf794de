from . import test_access, test_answer, test_own, test_tell, test_tours, test_uninstall
