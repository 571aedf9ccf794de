from . import downloads
from . import udi_downloads
from . import labels
from . import day_files
