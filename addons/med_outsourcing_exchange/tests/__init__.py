from . import test_order_out, test_report_in
