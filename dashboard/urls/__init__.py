"""Every link of the dashboard: the only place that writes or reads one; a module a page."""

from dashboard.urls.compare import (
    COMPARE,
    MOST_RUNS,
    CompareView,
    compare_url,
    read_compare_view,
)
from dashboard.urls.fidelity import FIDELITY, FidelityView, fidelity_url, read_fidelity_view
from dashboard.urls.landscape import (
    LANDSCAPE,
    LANDSCAPE_RANGES,
    LandscapeView,
    landscape_url,
    read_landscape_view,
)
from dashboard.urls.live import FROM_RUN, LIVE, fork_url, live_url
from dashboard.urls.paper import FigureView, figure_text, read_figure
from dashboard.urls.run import (
    DOWNLOAD_RULE,
    RUN_TEMPLATE,
    RunLimits,
    RunView,
    download_url,
    read_run_view,
    run_url,
    source_parts,
)
from dashboard.urls.sweeps import (
    SWEEP_FILE_RULE,
    SWEEP_ROWS_RULE,
    SWEEP_TEMPLATE,
    SWEEPS,
    THUMBNAIL_RULE,
    SweepColumns,
    SweepView,
    read_sweep_view,
    sweep_file_url,
    sweep_url,
)

OVERVIEW = "/"

__all__ = [
    "COMPARE",
    "DOWNLOAD_RULE",
    "FIDELITY",
    "FROM_RUN",
    "LANDSCAPE",
    "LANDSCAPE_RANGES",
    "LIVE",
    "MOST_RUNS",
    "OVERVIEW",
    "RUN_TEMPLATE",
    "SWEEPS",
    "SWEEP_FILE_RULE",
    "SWEEP_ROWS_RULE",
    "SWEEP_TEMPLATE",
    "THUMBNAIL_RULE",
    "CompareView",
    "FidelityView",
    "FigureView",
    "LandscapeView",
    "RunLimits",
    "RunView",
    "SweepColumns",
    "SweepView",
    "compare_url",
    "download_url",
    "fidelity_url",
    "figure_text",
    "fork_url",
    "landscape_url",
    "live_url",
    "read_compare_view",
    "read_fidelity_view",
    "read_figure",
    "read_landscape_view",
    "read_run_view",
    "read_sweep_view",
    "run_url",
    "source_parts",
    "sweep_file_url",
    "sweep_url",
]
