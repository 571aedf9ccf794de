from . import test_lot_form
