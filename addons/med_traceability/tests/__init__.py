from . import test_med_repack
from . import test_many_serials
from . import test_check
from . import test_hooks
