from . import test_accounts, test_credentials, test_guard, test_sign, test_surface
