from . import (
    test_capture,
    test_capture_policy,
    test_capture_reason,
    test_capture_sign_in,
    test_capture_store,
    test_reading,
    test_copies,
    test_review,
    test_personal,
    test_reading_tours,
    test_proof,
)
