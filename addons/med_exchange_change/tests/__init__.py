from . import test_answer, test_guards, test_inbox, test_outbound, test_theirs
