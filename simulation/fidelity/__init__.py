"""Do the published numbers come out? Published simulations run again, and compared.

Ratzon, Derdikman & Barak, eLife 12:RP90069; their tables: `simulation.analysis.published_table`.
"""
