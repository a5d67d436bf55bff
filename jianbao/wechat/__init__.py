"""What WeChat (公众号) does to an article: its limits, its filter, its rules.

Pure functions over the text of a fragment; neither files nor the network.
"""
