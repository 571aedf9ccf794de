from . import test_med_repack
from . import test_many_serials
from . import test_check
from . import test_hooks
from . import test_oracle
from . import test_med_evidence
from . import test_downloads
from . import test_tours
