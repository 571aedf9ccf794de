from . import test_audit, test_external, test_map, test_mock, test_programme, test_tours
