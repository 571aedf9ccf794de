from . import test_check
from . import test_returns
from . import test_tours
from . import test_papers
