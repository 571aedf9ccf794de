from . import (
    test_accounts,
    test_audit_review,
    test_credentials,
    test_guard,
    test_seal,
    test_sign,
    test_surface,
)
