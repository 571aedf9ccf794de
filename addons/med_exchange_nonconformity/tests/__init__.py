from . import test_inbound, test_inbox, test_outbound
