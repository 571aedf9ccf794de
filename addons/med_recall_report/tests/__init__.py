from . import test_clocks
from . import test_reports
from . import test_end
