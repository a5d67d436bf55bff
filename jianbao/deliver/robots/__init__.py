"""Robots of chat groups: an issue announced, once, with its contents and where to read it."""
