import base64

from odoo import api, fields, models
from odoo.addons.med_base.models.med_kept_file_mixin import SPOKEN
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ..tools import bag

_lt = LazyTranslate(__name__)

STATES = [("made", "Made"), ("handed_over", "Handed Over"), ("archived", "Archived"),
          ("refused", "Refused")]


class MedArchivePackage(models.Model):
    """The evidence of a lot or of a release as it was handed to an electronic records archive.

    A ZIP with a BagIt package (RFC 8493): evidence, batch record, certificate, audit history and
    attachments with their SHA-256, and metadata for the archive (after GB/T 18894 and DA/T 48). It
    is made once and stays; what happened later goes into a further package.
    """

    _name = "med.archive.package"
    _description = "Archive Package"
    _inherit = ["med.kept.file.mixin", "mail.thread", "mail.activity.mixin", "med.auditor.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _med_refusals = {
        "unlink": _lt("Packages for an archive are kept."),
        "copy": _lt("A package is not copied: make a new one."),
    }

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    title = fields.Char(required=True, readonly=True)
    kind = fields.Selection([("lot", "Lot or serial"), ("release", "Release")], required=True,
                            readonly=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", readonly=True, index="btree_not_null",
                             ondelete="restrict")
    release_id = fields.Many2one("med.release", "Release", readonly=True, index="btree_not_null",
                                 ondelete="restrict")
    product_id = fields.Many2one("product.product", "Product", readonly=True, index=True,
                                 ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    fonds = fields.Char("Fonds Number", readonly=True,
                        help="Number of the company's fonds (全宗号).")
    state = fields.Selection(STATES, "Status", required=True, default="made", readonly=True,
                             tracking=True, index=True)
    data = fields.Binary("Package", attachment=True, readonly=True)
    file_name = fields.Char(readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True, aggregator=False)
    sha256 = fields.Char("SHA-256", readonly=True, index=True)
    file_ids = fields.One2many("med.archive.file", "package_id", "Files", readonly=True)
    file_count = fields.Integer("Number of Files", readonly=True, aggregator=False)
    proof = fields.Boolean("Proof of the Audit Trail", readonly=True,
                           help="Every entry of the trail is in it with proof of the sealed log.")
    made_user_id = fields.Many2one("res.users", "Made By", readonly=True)
    made_time = fields.Datetime("Made On", readonly=True)
    previous_id = fields.Many2one(
        "med.archive.package", "Earlier Package", readonly=True, index="btree_not_null",
        ondelete="restrict", help="The last package of the same lot or release before this one.")

    archive = fields.Char("Archive", readonly=True, tracking=True,
                          help="To whom it was handed over.")
    handed_user_id = fields.Many2one("res.users", "Handed Over By", readonly=True)
    handed_time = fields.Datetime("Handed Over On", readonly=True)
    receipt_number = fields.Char("Number in the Archive", readonly=True, tracking=True,
                                 help="Number of the archive's receipt (档号).")
    receipt_user_id = fields.Many2one("res.users", "Receipt Noted By", readonly=True)
    receipt_time = fields.Datetime("Receipt Noted On", readonly=True)
    receipt_file = fields.Binary("Receipt as a File", attachment=True, readonly=True)
    receipt_name = fields.Char("File of the Receipt", readonly=True)
    receipt_sha256 = fields.Char("SHA-256 of the Receipt", readonly=True)
    refusal = fields.Char("Why It Was Refused", readonly=True, tracking=True)
    verified_time = fields.Datetime("Last Verified On", readonly=True)
    verified = fields.Selection(
        [("good", "Unchanged"), ("bad", "Damaged")], "Verification", readonly=True, tracking=True)
    note = fields.Text()

    _subject = models.Constraint(
        "CHECK ((lot_id IS NULL) != (release_id IS NULL))", "A package is of a lot or a release.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.name} · {one.title}"

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._(
            "Packages are made from lots and releases: choose “Make an Archive Package” there."))

    @api.model
    def _med_make(self, vals_list):
        """Make the rows of packages whose content was put together here."""
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - {"note"} - SPOKEN:
            raise AccessError(self.env._(
                "%s stays as it was made. Use its buttons.", ", ".join(self.mapped("name"))))
        return super().write(vals)

    # ------------------------------------------------------------------ again

    @api.readonly
    def verify(self):
        """Read packages again and compare every file with its digest.

        :return: ``{"version": 1, "packages": {number: {"valid": true or false, "sha256" (as of
            now), "problems": [{"path", "what"}]}}}``; what is ``absent``, ``changed``,
            ``unlisted``, ``unreadable`` (RFC 8493, 3)
        """
        self.check_access("read")
        return {"version": 1, "packages": {one.name: one._med_verify() for one in self}}

    def _med_verify(self):
        full = self.with_context(bin_size=False)
        data, receipt = (base64.b64decode(full[name] or b"") for name in ("data", "receipt_file"))
        found = []
        if bag.sha256(data) != self.sha256:
            found.append((self.file_name, "changed" if data else "absent"))
        if self.receipt_sha256 and bag.sha256(receipt) != self.receipt_sha256:
            found.append((self.receipt_name, "changed" if receipt else "absent"))
        try:
            files = bag.unpack(data)
        except bag.BagError:
            found.append((self.file_name, "unreadable"))
        else:
            found += bag.problems(files)
            told = {row.path: row.sha256 for row in self.file_ids}
            there = {path: bag.sha256(content) for path, content in files.items()}
            found += [(path, "changed" if path in there else "absent")
                      for path in told if there.get(path) != told[path]]
        return {"valid": not found, "sha256": bag.sha256(data),
                "problems": [{"path": path, "what": what}
                             for path, what in dict.fromkeys(found)]}

    def action_verify(self):
        """Verify packages, and note the outcome; return True, or what is wrong."""
        self.check_access("write")
        bad = []
        for one in self:
            told = one._med_verify()
            one._store({"verified_time": fields.Datetime.now(),
                        "verified": "good" if told["valid"] else "bad"})
            if not told["valid"]:
                bad.append(one.name)
        return {
            "type": "ir.actions.client", "tag": "display_notification", "params": {
                "type": "danger" if bad else "success", "sticky": bool(bad),
                "message": self.env._("Damaged: %s. Tell the administrator: restore the filestore "
                                      "from the backup.", ", ".join(bad)) if bad else self.env._(
                    "Every file is as it was made."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
