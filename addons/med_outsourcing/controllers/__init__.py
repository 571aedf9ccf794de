from . import downloads
from . import papers
