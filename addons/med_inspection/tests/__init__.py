from . import (
    test_enter,
    test_process_batch,
    test_retention_sample,
    test_sampling,
)
