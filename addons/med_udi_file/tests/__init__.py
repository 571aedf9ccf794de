from . import test_forms
from . import test_make
from . import test_life
from . import test_rights
