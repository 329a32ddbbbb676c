"""Simulations of representational drift, and the archive of what they recorded."""

__version__ = "0.1.0"
