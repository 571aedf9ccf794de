# The first before the files that extend them.
# isort: off
from . import (
    med_compliance_mixin,
    med_findings_mixin,
    med_external_document,
    med_external_clause,
    med_quality_policy,
    med_quality_process,
    med_quality_audit,
    med_mock_inspection,
)
from . import (
    med_capa,
    med_external_review,
    med_mock_answer,
    med_mock_draw,
    med_mock_lot,
    med_quality_audit_answer,
    med_quality_audit_programme,
    med_quality_checklist,
    med_quality_finding,
    med_quality_map,
    med_quality_record,
)
