from . import consignee_page, downloads
