"""Ids of components that callbacks and tests address, in one place; a panel of the run page has
its own."""

from __future__ import annotations

# shell
NOTIFICATIONS = "app-notifications"

# overview
HERO_CURVES = "hero-curves"
HERO_MAPS = "hero-maps"
HERO_SLIDER = "hero-slider"
HERO_PLAY = "hero-play"
HERO_FRAMES = "hero-frames"
HERO_MOMENT = "hero-moment"
HERO_TICK = "hero-tick"

# run page: state
RUN_PAGE = "run-page"
VIEW = "run-view"
FACTS = "run-facts"
REQUEST = "run-request"
SHOWN = "run-shown"
GROWN = "run-grown"
GROW_ASK = "run-grow-ask"
GROW_TICK = "run-grow-tick"

# run page: the time cursor
CURSOR = "run-cursor"
STEP_BACK = "run-step-back"
STEP_FORWARD = "run-step-forward"
PLAY = "run-play"
PLAY_ICON = "run-play-icon"
PLAY_TICK = "run-play-tick"
MOMENT = "run-moment"

# run page: the time axis
TIME_AXIS = "run-time-axis"

# run page: what can be tried from the moment under the cursor
FORK = "run-fork"
FORK_CHOICES = "run-fork-choices"
FORK_LAUNCH = "run-fork-launch"
"""Type of a pattern id: {"type": FORK_LAUNCH, "run": run_id, "step": 200, "fork": "off"}."""
FORK_GO = "run-fork-go"

# live: the form
LIVE_FIELD = "live-field"
"""Type of a pattern id: {"type": LIVE_FIELD, "path": "noise.update_scale"}."""
LIVE_KINDS = "live-kinds"
LIVE_PARENT = "live-parent"
LIVE_ORIGIN = "live-origin"
LIVE_ORIGIN_WORDS = "live-origin-words"
LIVE_FROM_SCRATCH = "live-from-scratch"
LIVE_TASK = "live-task"
LIVE_TASK_DETAILS = "live-task-details"
LIVE_NETWORK = "live-network"
LIVE_RULE = "live-rule"
LIVE_MORE = "live-more"
LIVE_REST = "live-rest"
LIVE_NAME = "live-name"
LIVE_PREVIEW = "live-preview"
LIVE_LAUNCH = "live-launch"
LIVE_REFUSAL = "live-refusal"
LIVE_GO = "live-go"

# live: runs in progress
LIVE_RUNS = "live-runs"
LIVE_RUNS_TICK = "live-runs-tick"
LIVE_NEWS = "live-news"
LIVE_ROW_WORDS = "live-row-words"
LIVE_ROW_BAR = "live-row-bar"
LIVE_ROW_CANCEL = "live-row-cancel"
"""Types of pattern ids: {"type": LIVE_ROW_BAR, "run": run_id}."""

# live: the status on a run page, and what a tab has launched
STATUS = "live-status"
STATUS_RUN = "live-status-run"
STATUS_TICK = "live-status-tick"
STATUS_WORDS = "live-status-words"
STATUS_BAR = "live-status-bar"
STATUS_NUMBERS = "live-status-numbers"
STATUS_CANCEL = "live-status-cancel"
LAUNCHED = "live-launched"
ENDED = "live-ended"

# several runs side by side
COMPARE_FACTS = "compare-facts"
COMPARE_AXIS = "compare-axis"
COMPARE_CURSOR = "compare-cursor"
COMPARE_MOMENT = "compare-moment"
COMPARE_ADD = "compare-add"
COMPARE_ADD_GO = "compare-add-go"
COMPARE_REFUSAL = "compare-refusal"
COMPARE_REMOVE = "compare-remove"
"""Type of a pattern id: {"type": COMPARE_REMOVE, "run": run_id}."""
COMPARE_GO = "compare-go"
COMPARE_TICK = "compare-tick"
COMPARE_ASK = "compare-ask"
COMPARE_PANELS = "compare-panels"
COMPARE_STANDING = "compare-standing"
COMPARE_OUTCOMES = "compare-outcomes"


def compare_figure(key: str) -> str:
    """The figure of one quantity."""
    return f"compare-figure-{key}"


def compare_words(key: str) -> str:
    """What it says in words."""
    return f"compare-words-{key}"


# sweeps
SWEEP_PAGE = "sweep-page"
SWEEP_VIEW = "sweep-view"
SWEEP_FACTS = "sweep-facts"
SWEEP_SYNCED = "sweep-synced"
SWEEP_GO = "sweep-go"
SWEEP_SELECTION = "sweep-selection"
SWEEP_SCATTER = "sweep-scatter"
SWEEP_SCATTER_WORDS = "sweep-scatter-words"
SWEEP_SCATTER_FRAME = "sweep-scatter-frame"
SWEEP_NARROW = "sweep-narrow"
SWEEP_HOVER = "sweep-hover"
SWEEP_PARALLEL = "sweep-parallel"
SWEEP_PARALLEL_WORDS = "sweep-parallel-words"
SWEEP_HISTOGRAM = "sweep-histogram"
SWEEP_HISTOGRAM_WORDS = "sweep-histogram-words"
SWEEP_TABLE = "sweep-table"
SWEEP_COLUMNS = "sweep-columns"
SWEEP_DOWNLOADS = "sweep-downloads"


def sweep_end(column: str, end: str) -> str:
    """The field for one end of a range of a column: an id has no dots."""
    return f"sweep-{end}-{column.replace('.', '-')}"


def sweep_control(key: str) -> str:
    """The control of one key of a sweep's view."""
    return f"sweep-control-{key}"


# the paper's figures
PAPER_BODY = "paper-body"
PAPER_DRAWN = "paper-drawn"
PAPER_CHOICE = "paper-choice"
"""Type of a pattern id: {"type": PAPER_CHOICE, "text": "curves:units,log,raw,"}."""
PAPER_FIGURE = "paper-figure"
PAPER_POINTED = "paper-pointed"
PAPER_GO = "paper-go"

# published and ours
FIDELITY_STRIPS = "fidelity-strips"
FIDELITY_WORDS = "fidelity-words"
FIDELITY_SWEEP = "fidelity-sweep"
FIDELITY_SWEEP_WORDS = "fidelity-sweep-words"
FIDELITY_GO = "fidelity-go"

# toy landscape
LANDSCAPE_PAGE = "landscape-page"
LANDSCAPE_VIEW = "landscape-view"
LANDSCAPE_FACTS = "landscape-facts"
LANDSCAPE_MAP = "landscape-map"
LANDSCAPE_MAP_WORDS = "landscape-map-words"
LANDSCAPE_DRIFT = "landscape-drift"
LANDSCAPE_DRIFT_WORDS = "landscape-drift-words"
LANDSCAPE_SPREAD = "landscape-spread"
LANDSCAPE_SPREAD_WORDS = "landscape-spread-words"
LANDSCAPE_FLOW = "landscape-flow"
LANDSCAPE_SYNCED = "landscape-synced"


def landscape_control(key: str) -> str:
    """The control of one key of the toy landscape's view."""
    return f"landscape-control-{key}"
