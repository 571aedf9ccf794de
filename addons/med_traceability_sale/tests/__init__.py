from . import test_lot_form
from . import test_payer
