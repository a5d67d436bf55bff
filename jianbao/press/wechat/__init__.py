"""The edition for WeChat: articles to paste or push, their pictures and draft.json."""
