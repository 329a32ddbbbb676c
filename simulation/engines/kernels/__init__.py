"""Compiled inner loops of the `compiled` engine. Importing any of these modules loads numba."""
