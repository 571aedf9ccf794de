from . import test_call, test_file, test_form, test_guards, test_mapping, test_tours, test_upload
