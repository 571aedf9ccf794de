from datetime import date, datetime
from unittest.mock import patch

from odoo.addons.med_traceability.tools.label import fonts, make, process
from odoo.fields import Command

from .common import TraceCase

UNIT, CASE = '09506000134352', '19506000134359'
CONTENT = (
    ('product', 'head', {'size': 8, 'bold': True}), ('catalogue', 'beside', {'half': True}),
    ('serial', 'beside', {'half': True, 'optional': True}), ('lot', 'beside', {'half': True}),
    ('expiry', 'beside', {'half': True}), ('manufactured', 'beside', {'optional': True}),
    ('udi', 'beside', {'size': 6}), ('statements', 'beside', {'size': 8}),
    ('storage', 'beside', {'optional': True}),
    ('registration', 'foot', {'size': 6, 'text': "注册证编号："}),
    ('licence', 'foot', {'size': 6, 'text': "生产许可证编号："}),
    ('registrant', 'foot', {'size': 6}),
)


class LabelCase(TraceCase):
    """Devices with their numbers and registrations, an approved template, and people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_engine()
        cls.regulatory, cls.qa = cls.user('regulatory'), cls.user('qa')
        cls.operator, cls.leader = cls.user('operator'), cls.user('shift_leader')
        cls.viewer = cls.user('viewer')
        cls.china = cls.env.ref('med_base.med_jurisdiction_cn')
        cls.tube = cls.product("一次性使用无菌导管", med_controlled=True)
        cls.stent = cls.product("冠状动脉药物洗脱支架", 'serial', med_controlled=True)
        cls.tube_di = cls.device(cls.tube, UNIT, pi_lot=True, pi_expiry=True)
        cls.stent_di = cls.device(
            cls.stent, '09506000134369', pi_lot=True, pi_serial=True, pi_expiry=True,
            pi_manufactured=True, implantable=True, mri='conditional')
        cls.template = cls.make_template(cls.tube_di)
        cls.lot = cls.lot_of(cls.tube, 'ABC-123', '2028-01-31')

    @classmethod
    def _start_engine(cls):
        """Leave the process that makes labels as it is."""

    @classmethod
    def device(cls, product, name, **values):
        di = cls.env['med.udi.di'].create({
            'issuer': 'gs1', 'name': name, 'product_id': product.id, 'trade_name': product.name,
            'catalogue_number': 'CAT-7', 'sterile': True, 'single_use': True, 'latex': 'free',
            'storage_ids': [Command.create({
                'kind': 'temperature', 'low': 2, 'high': 30, 'unit': 'celsius'})],
            'registration_ids': [Command.create({
                'jurisdiction_id': cls.china.id, 'number': "国械注准20243130001",
                'licence_number': "沪药监械生产许20200001号",
                'registrant_name': "上海示例医疗器械有限公司",
                'registrant_address': "上海市浦东新区张江路1号"})], **values})
        di.state = 'active'
        return di

    @classmethod
    def make_template(cls, di, approved=True, content=CONTENT, **values):
        template = cls.env['med.label.template'].with_user(cls.regulatory).create({
            'name': "Box", 'jurisdiction_id': cls.china.id, 'level': di.level,
            'sample_di_id': di.id, 'width': 70, 'height': 45, 'dpi': '300', 'lang': 'en_US',
            'company_id': False,
            'item_ids': [Command.create({'content': kind, 'zone': zone, 'sequence': number, **more})
                         for number, (kind, zone, more) in enumerate(content)], **values})
        if approved:
            template.with_user(cls.qa).action_approve()
        return template.with_env(cls.env)

    @classmethod
    def lot_of(cls, product, name, expiry, **values):
        return cls.env['stock.lot'].create({
            'name': name, 'product_id': product.id,
            'expiration_date': datetime.combine(date.fromisoformat(expiry), datetime.min.time()),
            **values})

    @classmethod
    def serials(cls, count, expiry='2028-01-31'):
        return cls.env['stock.lot'].union(*(
            cls.lot_of(cls.stent, f'SN{number:05}', expiry, med_batch='B-77',
                       med_manufactured=date(2026, 2, 1)) for number in range(1, count + 1)))

    @classmethod
    def job(cls, lots, user=None, **values):
        return cls.env['med.label.job'].with_user(user or cls.operator).create({
            'product_id': lots.product_id.id, 'lot_ids': [Command.set(lots.ids)],
            'template_id': cls.template.id, **values})

    @classmethod
    def made(cls, lots, **values):
        """Return a job whose labels are ready to print."""
        job = cls.job(lots, **values)
        job.start()
        cls.render(job)
        assert job.state == 'ready', job.error
        return job

    @classmethod
    def render(cls, job):
        while job.sudo()._render_batch():
            pass
        job.invalidate_recordset()

    @classmethod
    def printed(cls, lots, **values):
        job = cls.made(lots, **values)
        job.print_labels()
        return job

    @classmethod
    def proved(cls, lots, **values):
        job = cls.printed(lots, **values)
        cls.scan_due(job)
        assert job.state == 'proved', job.state
        return job

    @classmethod
    def scan_due(cls, job):
        for label in job.label_ids:
            for _time in range(label.due):
                job.scan(code=label.code)

    @classmethod
    def inspected(cls, job, **values):
        return job.with_user(cls.leader).inspect(**{
            'udi': True, 'expiry': True, 'storage': True, 'handling': True, 'processing': True,
            **values})


class QuickLabelCase(LabelCase):
    """The same images, made in this process with fonts that are read once: for what comes after."""

    @classmethod
    def _start_engine(cls):
        known = {}

        def font(bold, characters):
            if bold not in known or not characters <= known[bold].cids.keys():
                old = known[bold].cids.keys() if bold in known else set()
                known[bold] = fonts.Font(bold, characters | old)
            return known[bold]

        def run(job, _timeout):
            try:
                return make.join(job['parts']) if 'parts' in job else make.make(
                    job['labels'], job['preview'])
            except process.LabelError as error:
                error.facts.setdefault('number', 0)
                raise
        for target, name, value in ((make, 'Font', font), (process, '_run', run)):
            cls.startClassPatcher(patch.object(target, name, value))
