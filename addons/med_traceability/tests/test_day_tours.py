from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_day import DayCase


@tagged('post_install', '-at_install')
class TestDayTours(DayCase, HttpCase):
    """The pages in a browser, in English and in Chinese: they open and their numbers are right."""

    requirement = "T4 P11-10d CN-GSP-3"

    @classmethod
    def _start_clock(cls):
        """Leave the clock alone: a browser and a server run by the real one."""

    @classmethod
    def tick(cls):
        """Let time pass by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env['res.lang']._activate_lang('zh_CN'):
            cls.env['ir.module.module'].search([
                ('name', '=', 'med_traceability')])._update_translations(['zh_CN'])
        cls.company.resource_calendar_id.tz = 'UTC'

    def tour(self, name, path, role, lang, **kw):
        user = self.user(role, login=f'{name}_{lang}', lang=lang, **kw)
        self.start_tour(path, name, login=user.login, timeout=120)
        self.env.invalidate_all()
        return user

    def test_warehouse_sees_what_is_late_and_scans_it(self):
        now = fields.Datetime.now()
        late = self.planned('out', now - timedelta(days=1))
        self.planned('in', now - timedelta(minutes=1), product=self.pump)
        for lang in ('en_US', 'zh_CN'):
            user = self.tour('med_day_warehouse_tour', '/odoo/med-day-warehouse', 'warehouse', lang)
            self.assertEqual(user.action_id.id,
                             self.env.ref('med_traceability.med_day_warehouse_action').id)
        self.assertEqual(late.state, 'assigned', "looking moves nothing")

    def test_shift_leader_sees_what_was_made_and_scrapped(self):
        done = self.make(self.pump, 7, [(self.raw, self.lot, 7)],
                         self.lots_of(self.pump, 'DAY-T1'))
        self.env['stock.scrap'].create({
            'product_id': self.pump.id, 'lot_id': done.lot_producing_ids.id, 'scrap_qty': 2,
            'location_id': self.stock.id, 'production_id': done.id}).do_scrap()
        self.order(self.pump, 5, [(self.raw, self.lot, 5)])
        for lang in ('en_US', 'zh_CN'):
            self.tour('med_day_production_tour', '/odoo/med-day-production', 'shift_leader', lang)

    def test_auditor_goes_from_the_lot_to_its_evidence(self):
        before = self.env['med.audit.entry'].search([], limit=1, order='id desc').id
        for lang in ('en_US', 'zh_CN'):
            name = f'med_day_audit_tour_{lang}'
            user = self.user('auditor', login=name, lang=lang, granted=False)
            self.env['med.auditor.access'].create({
                'user_id': user.id, 'date_until': fields.Datetime.now() + timedelta(days=2),
                'reason': "Surveillance audit",
                'company_ids': [Command.set(self.company.ids)]})
            self.start_tour('/odoo/med-day-audit', 'med_day_audit_tour', login=name, timeout=120)
        self.env.invalidate_all()
        self.assertGreaterEqual(self.env['med.audit.entry'].search_count(
            [('id', '>', before), ('op', '=', 'E')]), 4)
