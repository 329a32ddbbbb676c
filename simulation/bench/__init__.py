"""How fast training and measuring are here, beside plain ways to do the same, in one process.

Times are of one processor core. Rivals take turns, so that a change of the clock or of the
machine's load meets all of them.
"""
