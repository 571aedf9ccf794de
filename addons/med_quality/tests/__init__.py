from . import test_checkout, test_gates, test_goods_tours, test_holds, test_tours
