from . import test_begin
from . import test_guards
from . import test_steps
from . import test_scope
from . import test_scope_oracle
