from . import downloads
from . import udi_downloads
from . import labels
