"""Putting the WeChat edition into the draft box of an official account (公众号)."""
