"""``jianbao lsp``: what the check knows, in an editor, while an item is being written.

The server speaks the Language Server Protocol 3.17; clauses are named after its pages.
"""

from __future__ import annotations
