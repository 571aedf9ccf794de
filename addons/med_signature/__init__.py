from . import models, redaction
from .hooks import post_init_hook, uninstall_hook

redaction.install()
