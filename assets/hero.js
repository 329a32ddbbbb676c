/* The overview's picture: every frame is in the page, so moving it asks nobody. */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.hero = (function () {
    "use strict";

    const same = () => window.dash_clientside.no_update;
    const setProps = (id, props) => window.dash_clientside.set_props(id, props);

    function drawFrame(index, frames) {
        const plot = document.querySelector("#hero-maps .js-plotly-plot");
        if (!plot || !plot.data || !window.Plotly) {
            setTimeout(() => drawFrame(index, frames), 60);
            return;
        }
        if (plot._driftscapeFrame === index) return;
        plot._driftscapeFrame = index;
        const z = { dtype: "u1", bdata: frames.cells[index], shape: frames.shape };
        window.Plotly.react(plot, [{ ...plot.data[0], z }], plot.layout, plot._context);
    }

    function show(index, frames) {
        if (!frames) return same();
        const at = Math.min(Math.max(index ?? 0, 0), frames.steps.length - 1);
        drawFrame(at, frames);
        window.driftscape.cursorLines.moveTo(frames.steps[at]);
        return frames.words[at];
    }

    function advance(ticks, index, frames) {
        if (!frames) return same();
        const last = frames.steps.length - 1;
        if (index + 1 >= last) setProps("hero-tick", { disabled: true });
        return Math.min(index + 1, last);
    }

    function play(clicks, stopped, index, frames) {
        if (!clicks || !frames) return same();
        if (stopped && index >= frames.steps.length - 1) setProps("hero-slider", { value: 0 });
        return !stopped;
    }

    function showPlaying(stopped) {
        return stopped ? "Play" : "Pause";
    }

    function jump(click, frames) {
        if (!click || !frames) return same();
        const point = (click.points || [])[0];
        const x = Number(point ? point.x : (click.xvals || [])[0]);
        const log = (value) => Math.log(Math.max(value, 0.3));
        const apart = frames.steps.map((step) => Math.abs(log(step) - log(x)));
        return apart.indexOf(Math.min(...apart));
    }

    return { show, advance, play, show_playing: showPlaying, jump };
})();
