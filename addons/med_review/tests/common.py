from odoo.addons.med_capa.tests.common import CapaCase


class ReviewCase(CapaCase):
    """Received lots, some rejected, and a review of the month; the clock stands in March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "authored")
        cls.grant(cls.bert, "reviewed", "authored")
        cls.chief = cls.person("viewer", "chief")
        cls.grant(cls.chief, "approved")

    @classmethod
    def reviewed_month(cls, **values):
        """Return a draft review of March."""
        return cls.env["med.management.review"].with_user(cls.anna).create({
            "date_from": "2026-03-01", "date_to": "2026-03-31", "chair_id": cls.chief.id,
            **values}).with_user(cls.env.user)

    @classmethod
    def presented(cls, **values):
        review = cls.reviewed_month(**values)
        review.with_user(cls.anna).action_compute()
        cls.sign(review, cls.anna, "authored")
        return review

    @classmethod
    def minuted(cls, review=None, **values):
        """Return a presented review that lacks nothing but its signatures."""
        review = review or cls.presented()
        review.minute_ids.with_user(cls.anna).write({"text": "Nothing new"})
        review.with_user(cls.anna).write({
            "date": "2026-04-02", "participant_ids": [(6, 0, (cls.anna | cls.chief).ids)],
            "conclusion": "Suitable, adequate and effective", **values})
        return review

    @classmethod
    def concluded(cls, **values):
        review = cls.minuted(**values)
        cls.sign(review, cls.anna, "reviewed")
        cls.sign(review, cls.chief, "approved")
        return review

    @classmethod
    def decided_on(cls, what="Buy a gauge", owner=None):
        return {"action_ids": [(0, 0, {"kind": "resources", "what": what, "date_due": "2026-06-30",
                                       "owner_id": (owner or cls.olga).id})]}
