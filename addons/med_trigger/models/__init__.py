# The first before the files that extend it.
# isort: off
from . import med_trigger_rule
from . import (
    med_reading,
    med_trigger_evidence,
    med_trigger_events,
    med_trigger_found,
    med_trigger_hit,
    med_trigger_run,
    med_trigger_search,
    med_trigger_work,
)
