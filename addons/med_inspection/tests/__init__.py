from . import (
    test_automatic,
    test_enter,
    test_plan,
    test_process_batch,
    test_retention_sample,
    test_sampling,
    test_station,
    test_steps,
    test_switching,
)
