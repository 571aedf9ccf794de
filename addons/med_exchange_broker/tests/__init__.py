from . import test_broker
