from . import downloads
