from odoo import api, models


class MedQualityPolicy(models.Model):
    """The map 制度—流程—记录 as one answer, with what is missing in it."""

    _inherit = "med.quality.policy"

    @api.model
    @api.readonly
    def map_data(self):
        """Give policies, their processes and the records of each, and the gaps.

        :return: ``{"version", "policies": [{"id", "code", "name", "owner", "processes": [{"id",
            "code", "name", "owner", "clauses": [text], "records": [{"id", "name", "model",
            "opens"}]}]}], "loose": [processes without a policy], "gaps": [{"kind", "model", "id",
            "name"}]}``; kind is policy (no process), policy_less (a process of no policy),
            record (a process without record), owner (a process without a responsible), clause
            (nothing covers it)
        """
        self.browse().check_access("read")
        policies = self.search([])
        processes = self.env["med.quality.process"].search([])
        clauses = self.env["med.external.clause"].search(
            [("document_id.state", "in", ("watched", "in_force"))])
        told = {one: one._med_map_row() for one in processes}
        return {
            "version": 1,
            "policies": [{
                "id": one.id, "code": one.code, "name": one.name, "owner": one.owner_id.name or "",
                "processes": [told[process] for process in processes
                              if process.policy_id == one]} for one in policies],
            "loose": [told[one] for one in processes if one.policy_id not in policies],
            "gaps": [
                *self._med_gaps("policy", policies - processes.policy_id),
                *self._med_gaps("policy_less", processes.filtered(
                    lambda one: one.policy_id not in policies)),
                *self._med_gaps("record", processes.filtered(lambda one: not one.record_ids)),
                *self._med_gaps("owner", processes.filtered(lambda one: not one.owner_id)),
                *self._med_gaps("clause", clauses.filtered(
                    lambda one: not one.process_ids & processes))]}

    def _med_gaps(self, kind, records):
        return [{"kind": kind, "model": one._name, "id": one.id, "name": one._med_gap_name()}
                for one in records]

    def _med_gap_name(self):
        return f"{self.code} {self.name}"


class MedQualityProcess(models.Model):
    _inherit = "med.quality.process"

    def _med_gap_name(self):
        return f"{self.code} {self.name}"

    def _med_map_row(self):
        return {
            "id": self.id, "code": self.code, "name": self.name,
            "owner": self.owner_id.name or "",
            "clauses": self.clause_ids.mapped("display_name"),
            "records": [{
                "id": one.id, "name": one.name, "model": one.model or "",
                "opens": bool(one.model in self.env and self.env[one.model].has_access("read"))}
                for one in self.record_ids]}


class MedExternalClause(models.Model):
    _inherit = "med.external.clause"

    def _med_gap_name(self):
        return f"{self.display_name} {self.title or ''}".strip()
