from . import test_package
from . import test_rights
