"""Learning rules, one a file: pure functions of parameters, gradient and noise.

They are written for anything with array arithmetic; the reference engine calls them on tensors.
`state` names what a rule carries from step to step.
"""
