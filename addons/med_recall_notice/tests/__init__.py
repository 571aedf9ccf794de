from . import test_notice, test_page, test_rights, test_smtp
