"""The numbers that WeChat sets, one place for each.

Those of draft/add, uploadimg and add_material are of their pages in the official manual of
the API; "characters" are code points of the whole string, tags included.
"""

from __future__ import annotations

#: draft/add ``title``, in characters. Older pages and the web editor allow 64.
TITLE = 32
#: draft/add ``author``, in characters.
AUTHOR = 16
#: draft/add ``digest``, in characters. The manual says 128; the web editor stops at 120.
DIGEST = 120
#: draft/add ``content``: fewer than this many characters. More is answered with 45002, though
#: the web editor takes it: a pasted article is not bound by it.
CONTENT_CHARACTERS = 20_000
#: draft/add ``content``: smaller than this many bytes of UTF-8.
CONTENT_BYTES = 1_048_576
#: draft/add ``content_source_url``, in bytes.
SOURCE_URL_BYTES = 1024
#: Articles of one draft (多图文). No page states it; the API answers more with 45008.
ARTICLES = 8
#: uploadimg: smaller than this many bytes, JPEG or PNG.
BODY_IMAGE_BYTES = 1_048_576
#: add_material, type image.
COVER_BYTES = 10 * 1_048_576

#: Image hosts that an article may refer to: pictures uploaded to an official account, and
#: those of other Tencent services. Every other one is filtered out by draft/add.
IMAGE_HOSTS = ("mmbiz.qpic.cn", "mmecoa.qpic.cn")
#: The one host that a link of an ordinary account may lead to.
LINK_HOST = "mp.weixin.qq.com"

#: Width of an article's column on the widest page that shows one (a computer), in CSS pixels;
#: the specification of the editor measures at this, at 585 and at 375.
COLUMN_WIDTH = 677
#: The narrowest of them: a phone.
PHONE_WIDTH = 375
