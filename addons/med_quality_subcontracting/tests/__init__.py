from . import test_processor
