from odoo import models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
SPOKEN = {"message_follower_ids", "message_ids", "activity_ids", "message_main_attachment_id"}
"""What messages and activities write of a record: no part of what it says."""


class MedKeptFileMixin(models.AbstractModel):
    """A file with a state: its steps lock it, what they find out is written, and it is kept.

    A model's own ``write`` says what is still changed by hand; ``_med_refusals`` holds what is
    answered to who deletes (``unlink``) or copies (``copy``) one.
    """

    _name = "med.kept.file.mixin"
    _description = "File That Is Kept"

    _med_refusals = {"unlink": _lt("Files of this kind are kept."),
                     "copy": _lt("Files of this kind are not copied.")}

    def _store(self, vals):
        """Write what a step found out, past the model's own ``write``."""
        return super().write(vals)

    def _med_lock(self, *states):
        """Lock one file and make sure that it is in one of these states."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in states:
            raise UserError(self.env._(
                "%(name)s is: %(state)s. Open it again and look.", name=self.name,
                state=dict(self._fields["state"]._description_selection(self.env))[self.state]))

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_refuse_kept("unlink")

    def copy(self, default=None):
        self._med_refuse_kept("copy")

    def _med_refuse_kept(self, how):
        raise UserError(self.env._(self._med_refusals[how]))  # pylint: disable=gettext-variable
