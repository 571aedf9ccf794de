from . import test_feed, test_inbound, test_inbox, test_outbound
