import base64

from odoo.addons.med_traceability.tests.udi_common import UdiMasterCase
from odoo.fields import Command

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'


def b64(data):
    """Return bytes or text as base64 text."""
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


class UdiFileCase(UdiMasterCase):
    """Devices that are complete for every market, and the forms that the addon brings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.File = cls.env["med.udi.file"].with_user(cls.regulatory)
        cls.forms = {name: cls.env.ref(f"med_udi_file.med_udi_file_format_{name}").with_user(
            cls.regulatory) for name in ("eudamed_device", "eudamed_basic", "eudamed_udi_di",
                                         "gudid_spl", "nmpa_xlsx", "nmpa_xml")}
        for form in cls.forms.values():
            form.sender_code = "DE-MF-000012345"
        cls.basics = 0

    @classmethod
    def basic(cls, **values):
        """Return a new Basic UDI-DI with all that EUDAMED asks for."""
        cls.basics += 1
        return cls.env["med.udi.basic"].with_user(cls.regulatory).create({
            "issuer": "hibcc", "name": cls._basic_number(cls.basics), "risk_class": "2b",
            "device_name": "Infusion pump", "device_model": "A",
            "manufacturer_srn": "DE-MF-000012345", **values})

    @classmethod
    def _basic_number(cls, number):
        from odoo.addons.med_traceability.tools.udi import UdiError, check_basic
        for first in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%":
            for second in ("", *"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
                try:
                    return check_basic("hibcc", f"++D993TEST{number}{first}{second}")
                except UdiError:
                    continue
        raise AssertionError("no number")

    @classmethod
    def full(cls, **values):
        """Return a device identifier of which every market knows all it asks for."""
        di = cls.di(**{
            "basic_id": cls.basic().id, "catalogue_number": "CAT-1", "description": "泵",
            "gmdn_code": "12345", "emdn_code": "Z1203020", "fda_product_code": "FRN",
            "cn_category": "14-02-01", "consumable": "equipment", "mri": "unsafe",
            "latex": "free", "pi_lot": True, "pi_expiry": True, "device_count": 1,
            "characteristics_confirmed": True, "market_ids": [
                Command.set((cls.cn | cls.us | cls.eu).ids)],
            "storage_ids": [Command.create({
                "kind": "temperature", "has_low": False, "high": 25, "unit": "celsius"})],
            **values})
        cls.env["med.udi.registration"].with_user(cls.regulatory).create([{
            "di_id": di.id, "jurisdiction_id": market.id, "number": number,
            "registrant_name": "医疗器械有限公司", "registrant_code": code,
            "distribution_start": "2026-01-02",
        } for market, number, code in (
            (cls.cn, "国械注准20263140001", "91310000MA1FL00000"), (cls.us, "K261234", "123456789"),
            (cls.eu, "CE 0001", "DE-MF-000012345"))])
        return di

    @classmethod
    def file(cls, form, devices):
        """Return a draft of a form for devices."""
        return cls.File._med_draw_up(cls.forms[form], devices)

    @classmethod
    def made(cls, form, devices):
        """Return a file that was made."""
        file = cls.file(form, devices)
        told = file.make()
        assert file.state == "made", told["problems"]
        return file

    @classmethod
    def waiting(cls, devices, form="eudamed_device"):
        """Return a file that was submitted."""
        file = cls.made(form, devices)
        file.submit("ACK-1")
        return file
