from . import (
    med_sampling,
)
