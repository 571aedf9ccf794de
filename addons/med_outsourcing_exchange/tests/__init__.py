from . import test_data_map
from . import test_order_out, test_release_in, test_report_in
