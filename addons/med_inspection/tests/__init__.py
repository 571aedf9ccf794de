from . import test_sampling
