# The first before the files that extend it.
# isort: off
from . import med_management_review
from . import (
    med_genealogy_line,
    med_inspection,
    med_management_review_action,
    med_management_review_compute,
    med_management_review_figure,
    med_management_review_figures,
    med_management_review_minute,
    med_management_review_step,
    med_management_review_topic,
    med_reading,
    med_trend,
    med_trend_defect,
    med_trend_inspection,
    med_trend_open,
    med_trend_rate,
)
