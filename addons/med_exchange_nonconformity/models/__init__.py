from . import (
    med_exchange_nonconformity,
    med_nonconformity,
    med_nonconformity_line,
)
