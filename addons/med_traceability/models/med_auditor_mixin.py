from odoo import models


class MedAuditorMixin(models.AbstractModel):
    """Records that a guest auditor reads only while access is granted to him.

    The check is at the door of every read, by form, search, method and RPC alike: an access that
    runs out is closed at that second.
    """

    _name = 'med.auditor.mixin'
    _description = 'Readable While Access Is Granted'

    def _check_access(self, operation):
        error = self.env.user._med_reading_error()
        if error:
            return self, lambda: error
        return super()._check_access(operation)
