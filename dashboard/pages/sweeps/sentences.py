"""What the explorer's figures show, said in words."""

from __future__ import annotations

from dashboard.base.words import count, minus
from dashboard.pages.sweeps.histogram import without_bar
from dashboard.pages.sweeps.parallel import MOST_LINES, eligible, lines_drawn
from dashboard.pages.sweeps.scatter_axes import panels_of
from dashboard.pages.sweeps.scatter_lines import overlay_points
from dashboard.sweeps.colouring import Classes
from dashboard.sweeps.exclusions import considered
from dashboard.sweeps.groups import Groups
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.selection import condition_in_words, number
from dashboard.sweeps.trends import Trend
from dashboard.urls.conditions import Condition


def scatter(scene: Scene) -> str:
    """What is drawn, what is left out and why, the fits."""
    whose = f"{count(int(scene.shown.sum()), 'run')}{' of the selection' * bool(scene.conditions)}"
    if scene.is_thinned:
        parts = [
            f"{whose}, drawn as a sample of {len(scene.front):,} points, evenly chosen, with at "
            "least one wherever there are any; lines, counts and table are made of all."
        ]
    else:
        parts = [f"{whose} drawn."]
    parts += [scene.drawn.sentence, _log_note(scene)]
    parts += [part.sentence for part in _classes(scene)]
    if scene.groups is not None:
        parts.append(_groups(scene, scene.groups))
    elif scene.view.mean != "none":
        parts.append(f"No mean of {scene.y_field.in_sentence}: it has no numbers.")
    parts += _fits(scene)
    parts += _published(scene)
    return " ".join(part for part in parts if part)


def _classes(scene: Scene) -> list[Classes]:
    return [
        part for part in (scene.colour, scene.symbol, scene.panels) if isinstance(part, Classes)
    ]


def _log_note(scene: Scene) -> str:
    unknown = [
        field.in_sentence
        for field, scale in ((scene.x_field, scene.view.xscale), (scene.y_field, scene.view.yscale))
        if scale == "log" and not field.numeric
    ]
    return f"No logarithmic axis for {unknown[0]}: it has no numbers." if unknown else ""


def _groups(scene: Scene, groups: Groups) -> str:
    what = "the mean" if scene.view.yscale == "linear" else "the mean of the logarithms"
    by = (
        "over runs that differ in nothing but their seed"
        if scene.view.group == "seeds"
        else f"over runs of the same {scene.table.fields[scene.view.group].in_sentence}"
    )
    band = (
        "one standard deviation to either side"
        if scene.view.mean == "sd"
        else "the 95 % interval of the mean (Student's t)"
    )
    alone = f"; {count(groups.alone, 'group')} of one run without" if groups.alone else ""
    drawn = len(groups.frame)
    many = f" of {groups.total:,}, evenly chosen," if drawn < groups.total else ""
    return (
        f"{count(drawn, 'mean')}{many} in front: each is {what} {by}{_mean_x(scene, groups)}; "
        f"band: {band}{alone}."
    )


def _mean_x(scene: Scene, groups: Groups) -> str:
    """Where a mean is drawn whose runs differ in x."""
    if scene.view.x in groups.by or not scene.x_field.numeric:
        return ""
    return f", at the {'geometric ' * scene.logs[0]}mean of their {scene.x_field.in_sentence}"


def _fits(scene: Scene) -> list[str]:
    if scene.view.fit == "none":
        return []
    if not (scene.x_field.numeric and scene.y_field.numeric):
        return ["No line is fitted to categories."]
    told = [_fit(scene, trend) for trend in scene.trends]
    if scene.theory is not None:
        told.append(
            f"Theory gives the exponent {minus(scene.theory[0], 0)} (dotted, through the middle "
            "of the points): drift towards flat places grows with the variance of the noise."
        )
    return told


def _fit(scene: Scene, trend: Trend) -> str:
    whose = f" of {trend.name}" if trend.name else ""
    left = f", {trend.left_out:,} without a logarithm left out" if trend.left_out else ""
    if trend.fit is None:
        return f"No line through the {count(trend.used, 'run')}{whose}: it takes 8 that differ."
    what = "Power law" if scene.view.fit == "power" else "Line"
    value = "exponent" if scene.view.fit == "power" else "slope"
    fit = trend.fit
    slope, low, high = (number(part) for part in (fit.slope, fit.low, fit.high))
    return (
        f"{what}{whose}: {value} {slope} (95 % interval {low} to {high}) from "
        f"{count(fit.n, 'run')}{left}."
    )


def _published(scene: Scene) -> list[str]:
    if scene.view.published != "yes":
        return []
    if scene.overlay is None:
        return ["Published simulations are not drawn: one of these columns was not published."]
    fields = scene.table.fields
    panels, facet = panels_of(scene), scene.view.facet
    in_panels = panels[0].mask is not None
    if in_panels and facet not in scene.overlay.rows:
        return [f"Published simulations are not drawn: their {fields[facet].in_sentence}, and so "
                "their panel, was not published."]  # fmt: skip
    drawn = sum(map(len, overlay_points(scene, panels)))
    told = f"{count(drawn, 'published simulation')} as open diamonds (DriftReg)"
    if left := len(scene.overlay.rows) - drawn:
        told += f", {left:,} left out: no run drawn here has their {_kinds(scene, in_panels)}"
    if scene.overlay.ignored:
        ignored = " and ".join(
            condition_in_words(condition, fields) for condition in scene.overlay.ignored
        )
        told += f", not narrowed by {ignored}, which was not published"
    return [f"{told}."]


def _kinds(scene: Scene, in_panels: bool) -> str:
    """The columns by which a published simulation can have no place among the runs."""
    names = [scene.view.facet] * in_panels + [scene.view.x, scene.view.y]
    fields = [scene.table.fields[name] for name in dict.fromkeys(names)]
    told = [f.in_sentence for f in fields if not f.numeric or f.name == scene.view.facet]
    return " or ".join(told)


def selection(scene: Scene) -> str:
    """'34 of 106 runs selected'."""
    among = int(considered(scene.table, scene.view).sum())
    if not scene.conditions:
        early = len(scene.table) - among
        left = f" ({early:,} that ended early are left out)" if early else ""
        return f"All {count(among, 'run')}{left}"
    return f"{int(scene.chosen.sum()):,} of {count(among, 'run')} selected"


def condition(scene: Scene, asked: Condition) -> str:
    """One condition of the selection."""
    return condition_in_words(asked, scene.table.fields)


def parallel(scene: Scene) -> str:
    """How many lines, and what has none."""
    names = [name for name in scene.view.axes.split(",") if name]
    drawn, can = len(lines_drawn(scene, names)), int(eligible(scene, names).sum())
    lacking = int(considered(scene.table, scene.view).sum()) - can
    sample = f" of {can:,}, evenly chosen (at most {MOST_LINES:,} are drawn)" if drawn < can else ""
    left = (
        f" {count(lacking, 'run')} without a line: unknown on one of these axes, or left out "
        "by a selection that is no range on them."
        if lacking
        else ""
    )
    return f"{count(drawn, 'line')}{sample}.{left}"


def histogram(scene: Scene) -> str:
    """How many runs have a value, and its middle."""
    name = scene.view.histogram
    field = scene.table.fields[name]
    column = scene.table.frame[name][scene.chosen]
    known = column.dropna()
    missing = len(column) - len(known)
    left = f" {count(missing, 'run')} without a value left out." if missing else ""
    which = "selected run" if scene.conditions else "run"
    if not len(known):
        return f"No {which} has a value of {field.in_sentence}.{left}"
    if not field.numeric:
        values = f"{known.nunique():,} different values"
        return f"{count(len(known), which)}, {values}.{left}{_without_bar(scene)}"
    low, middle, high = (number(float(known.quantile(share))) for share in (0.25, 0.5, 0.75))
    return f"{count(len(known), which)}: median {middle}, middle half {low} to {high}.{left}"


def _without_bar(scene: Scene) -> str:
    values, runs = without_bar(scene)
    return f" No bar for {count(values, 'rarer value')} of {count(runs, 'run')}." if values else ""
