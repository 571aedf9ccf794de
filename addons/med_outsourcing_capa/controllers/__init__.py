from . import capas, own_capas
