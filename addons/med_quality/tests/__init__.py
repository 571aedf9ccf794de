from . import (
    test_checkout,
    test_discrepancy,
    test_gates,
    test_goods_tours,
    test_holds,
    test_opening,
    test_proof,
    test_split,
    test_tours,
    test_warehouse,
    test_zones,
)
