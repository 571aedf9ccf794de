from . import (
    test_action,
    test_escalate,
    test_evidence,
    test_flow,
    test_guards,
    test_nonconformity,
    test_open,
    test_similar,
    test_tours,
)
