from . import downloads, papers
from . import downloads
from . import orders
from . import papers
