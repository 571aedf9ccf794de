from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged


@tagged("post_install", "-at_install")
class TestSampling(MedCase):
    """The public method; every cell is proved in tests/unit."""

    requirement = "SMP-1 SMP-2 SMP-3 SMP-4 I4"

    def plan(self, **kw):
        return self.env["med.sampling"].with_user(self.user("viewer")).plan(**kw)

    def test_the_arrow_takes_all_three_numbers_from_its_row(self):
        plan = self.plan(lot_size=150, level="II", aql="1.5")
        self.assertEqual((plan["code_letter"], plan["plan_letter"], plan["arrow"]),
                         ("F", "G", True))
        self.assertEqual((plan["sample_size"], plan["accept"], plan["reject"]), (32, 1, 2))

    def test_a_small_lot_is_inspected_whole(self):
        plan = self.plan(lot_size=8, level="II", aql="0.65")
        self.assertEqual((plan["sample_size"], plan["full"], plan["table_size"]), (8, True, 20))

    def test_arguments_are_told_in_one_sentence(self):
        for arguments, words in (
                ({"lot_size": 0, "aql": "1.5"}, "“lot_size” must be a whole number"),
                ({"lot_size": True, "aql": "1.5"}, "“lot_size”"),
                ({"lot_size": 10, "aql": "1.6"}, "“aql” must be one of: 0.01"),
                ({"lot_size": 10, "aql": "15"}, "only for nonconformities per 100"),
                ({"lot_size": 10, "aql": "1.5", "level": "IV"}, "“level” must be one of: S-1"),
                ({"lot_size": 10, "aql": "1.5", "severity": "x"}, "“severity”"),
                ({"lot_size": 10, "aql": "1.5", "standard": "x"}, "“standard” must be one of: iso"),
                ({"lot_size": 10, "aql": "1.5", "severity": "reduced",
                  "standard": "mil_std_105e"}, "not in this product")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.env["med.sampling"].plan(**arguments)

    def test_it_is_for_the_roles_of_medical_devices(self):
        with self.assertRaises(AccessError):
            self.env["med.sampling"].with_user(self.user("")).plan(lot_size=150, aql="1.5")
