from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class MedExchangeClaim(models.Model):
    """Whose turn it is to make a thing that messages of several partners may name.

    Transactions read a snapshot: of two that begin together, neither sees what the other makes,
    and no unique index of Odoo's keeps two lots of a product and name apart. Both write the row
    of that thing, so the later one waits for the earlier, collides with it and begins again.
    """

    _name = "med.exchange.claim"
    _description = "Turn to Make an Exchanged Thing"
    _order = "id"
    _rec_name = "code"
    _log_access = False

    # A plain number: a row says nothing of a company, and keeps none from being removed.
    company_res_id = fields.Integer("Company", required=True, readonly=True, aggregator=False)
    schema = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True, help="What there may be one of.")
    turn = fields.Integer("Turns", required=True, readonly=True, aggregator=False)

    _code_uniq = models.Constraint(
        "UNIQUE (company_res_id, schema, code)", "There is a row of this thing.")

    @api.model
    def _take(self, company, schema, codes):
        """Let nobody else make these things by messages until the transaction ends.

        Take them before looking whether they are there.

        :param codes: what there may be one of in a company, as texts
        :raise psycopg2.errors.SerializationFailure: somebody did since the transaction began; the
            call is repeated by Odoo, and then finds what the other has made
        """
        # In one order, so that no two wait for each other.
        self.env.execute_query(SQL(
            """
            INSERT INTO med_exchange_claim AS known (company_res_id, schema, code, turn)
            SELECT %(company)s, %(schema)s, code, 1
              FROM unnest(%(codes)s::text[]) AS code ORDER BY code COLLATE "C"
                ON CONFLICT (company_res_id, schema, code) DO UPDATE SET turn = known.turn + 1
         RETURNING id
            """, company=company.id, schema=schema, codes=sorted(set(codes))))
        self.invalidate_model(flush=False)

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("Turns follow from messages of partners."))

    def write(self, vals):
        raise AccessError(self.env._("Turns follow from messages of partners."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Turns follow from messages of partners."))
