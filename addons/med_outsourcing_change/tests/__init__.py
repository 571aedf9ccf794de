from . import test_access, test_answer, test_documents, test_tell, test_tours, test_uninstall
