from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .udi_common import UdiMasterCase, gtin

MODELS = ('di', 'alias', 'storage', 'size', 'basic', 'registration', 'due.rule', 'requirement',
          'change.rule', 'change', 'gap')


@tagged('post_install', '-at_install')
class TestUdiMasterAccess(UdiMasterCase):
    """Regulatory affairs keeps the master, every role reads it, and companies stay apart."""

    requirement = "P11-10d P11-10g CN-GMP-46-1"

    def test_roles_read_and_regulatory_affairs_alone_writes(self):
        di = self.di()
        for role in ('viewer', 'auditor', 'warehouse', 'operator', 'qa', 'purchasing'):
            user = self.user(role)
            with self.subTest(role=role):
                self.assertEqual(di.with_user(user).name, di.name)
                for change in (lambda u=user: di.with_user(u).write({'trade_name': "X"}),
                               lambda u=user: di.with_user(u).action_activate(),
                               lambda u=user: di.with_user(u).create({'name': gtin(9)})):
                    with self.refused(error=AccessError):
                        change()

    def test_strangers_read_nothing(self):
        self.di()
        for role in ('', 'system_admin', 'portal_dealer'):
            user = self.user(role, login=f'stranger_{role}')
            for name in MODELS:
                with self.subTest(role=role, model=name), self.refused(error=AccessError):
                    self.env[f'med.udi.{name}'].with_user(user).search([])

    def test_what_belongs_to_another_company_is_not_seen(self):
        other = self.env['res.company'].create({'name': "Other maker"})
        theirs = self.env['med.udi.di'].create({
            'name': gtin(1), 'company_id': other.id,
            'market_ids': [Command.set(self.eu.ids)],
            'storage_ids': [Command.create({'kind': 'dry', 'has_low': False, 'has_high': False})],
            'size_ids': [Command.create({'value': '1'})],
            'alias_ids': [Command.create({'name': gtin(2)})],
            'registration_ids': [Command.create({'jurisdiction_id': self.eu.id})]})
        self.env.flush_all()
        for record in (theirs, theirs.storage_ids, theirs.size_ids, theirs.alias_ids,
                       theirs.registration_ids):
            with self.subTest(model=record._name):
                self.assertEqual(record.company_id, other)
                self.assertFalse(
                    record.with_user(self.regulatory).search([('id', 'in', record.ids)]))
                with self.refused(error=AccessError):
                    record.with_user(self.regulatory).read(['id', 'display_name'])
        self.assertTrue(self.env['med.udi.gap'].search_count([('di_id', '=', theirs.id)]))
        self.assertFalse(self.env['med.udi.gap'].with_user(self.regulatory).search(
            [('di_id', '=', theirs.id)]))

    def test_no_context_of_a_caller_opens_a_door(self):
        di = self.di()
        viewer = self.user('viewer')
        for context in ({'install_mode': True}, {'su': True, 'uid': 1}, {'tracking_disable': True},
                        {'active_test': False, 'med_reason': "x"}, {'default_state': 'draft'}):
            with self.subTest(context=context), self.refused(error=AccessError):
                di.with_user(viewer).with_context(**context).write({'trade_name': "X"})

    def test_trail_has_every_change_of_a_device_identifier(self):
        policies = self.env['med.audit.policy'].search([('model', 'like', 'med.udi.')])
        self.assertLessEqual({f'med.udi.{name}' for name in MODELS if name != 'gap'},
                             set(policies.mapped('model')))
        self.assertTrue(all(policies.mapped('locked')))


@tagged('post_install', '-at_install')
class TestUdiMasterRpc(MedRpcCase):
    """The list of what is missing, and the files, as another program asks for them."""

    requirement = "GUDID-DATA EU-VI-A/B P11-10b P11-10d"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.viewer = cls.user('viewer')
        cls.di = cls.env['med.udi.di'].create({
            'name': gtin(1), 'market_ids': [
                Command.set(cls.env.ref('med_base.med_jurisdiction_eu').ids)]})

    def test_what_is_missing_is_told_over_json_2(self):
        answer = self.json2(self.viewer, 'med.udi.di', 'completeness', market='EU',
                            device_identifiers=[gtin(1)])
        self.assertEqual(answer.status_code, 200, answer.text)
        found = answer.json()
        self.assertEqual((found['version'], found['total'], found['complete']), (1, 1, 0))
        self.assertIn('emdn_code', found['missing'][gtin(1)])
        self.assertIn('2017/745', found['elements']['emdn_code']['source'])

    @mute_logger('odoo.http', 'odoo.addons.base.models.ir_model')
    def test_bad_call_and_stranger_are_refused(self):
        self.assertEqual(self.json2(
            self.viewer, 'med.udi.di', 'completeness', market='XX').status_code, 422)
        for user in (self.user('portal_dealer'), self.user('')):
            self.assertEqual(self.json2(
                user, 'med.udi.di', 'completeness', market='EU').status_code, 403)

    def get(self, login, path):
        self.authenticate(login, login)
        return self.url_open(path)

    def test_template_and_export_are_downloads_for_roles(self):
        for kind in ('xlsx', 'csv'):
            answer = self.get('med_viewer', f'/med/udi.{kind}')
            self.assertEqual(answer.status_code, 200)
            self.assertIn(f'template.{kind}', answer.headers['Content-Disposition'])
        export = self.env['med.udi.export'].with_user(self.viewer).create(
            {'di_ids': self.di.ids, 'kind': 'csv'})
        answer = self.get('med_viewer', f'/med/udi.csv?export={export.id}')
        self.assertIn(gtin(1), answer.text)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule',
                 'odoo.http')
    def test_export_of_somebody_else_or_none_is_refused(self):
        export = self.env['med.udi.export'].with_user(self.user('qa')).create(
            {'di_ids': self.di.ids})
        self.user('')
        for login, path, status in (
                ('med_viewer', f'/med/udi.xlsx?export={export.id}', 403),
                ('med_viewer', '/med/udi.xlsx?export=999999999', 403),
                ('med_viewer', '/med/udi.xlsx?export=abc', 400),
                ('med_nobody', '/med/udi.xlsx', 403)):
            with self.subTest(path=path, login=login):
                self.assertEqual(self.get(login, path).status_code, status)
