from . import test_med_repack
