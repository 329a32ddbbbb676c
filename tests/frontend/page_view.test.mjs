import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { sent, window } from "./fake_browser.mjs";

const { PageView, address, linkToCopy, readdress } = await import(
    "../../assets/js/base/page_view.mjs"
);
const { navigate } = await import("../../assets/js/base/plotly_dash.mjs");
const { history } = window;
const STANDARD = { t: null, x: "log" };

function opened(options, facts = { standard: STANDARD }) {
    const page = new PageView("store", options);
    const element = { isConnected: true };
    page.open({ key: "run:a", element, view: STANDARD, facts });
    return { page, element };
}

beforeEach((context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    history.entries = [{ state: null, path: "/elsewhere" }, { state: null, path: "/runs/a?z=1" }];
    history.at = 1;
    sent.length = 0;
});

test("links are those that the server writes", () => {
    const cases = JSON.parse(readFileSync(new URL("links.json", import.meta.url)));
    for (const { path, standard, changes, always, link } of cases) {
        assert.equal(address(path, { ...standard, ...changes }, standard, always), link);
    }
});

test("a page that was laid out keeps the link it was followed by", () => {
    opened();
    assert.equal(history.link, "/runs/a?z=1");
    assert.deepEqual(history.state.driftscape.view, STANDARD);
    assert.equal(linkToCopy(), "http://host/runs/a?z=1");
});

test("a choice adds an entry, more of the same replaces it, the same view does neither", () => {
    const { page } = opened();
    assert.deepEqual(page.choose({ t: 1 }, "t"), { t: 1, x: "log" });
    assert.equal(page.choose({ t: 1 }, "t"), null);
    page.choose({ t: 2 }, "t");
    assert.equal(history.entries.length, 3);
    assert.equal(history.link, "/runs/a?t=2");
    page.choose({ x: "linear" }, "x");
    page.choose({ t: 3 });
    page.choose({ t: 4 });
    assert.deepEqual(
        history.entries.slice(2).map(({ path }) => path),
        ["/runs/a?t=2", "/runs/a?t=2&x=linear", "/runs/a?t=3&x=linear", "/runs/a?t=4&x=linear"]
    );
});

test("scrubbing replaces the entry, some time later", (context) => {
    const { page } = opened();
    page.scrub({ t: 1 });
    context.mock.timers.tick(100);
    page.scrub({ t: 2 });
    assert.equal(history.link, "/runs/a?z=1");
    context.mock.timers.tick(50);
    assert.equal(history.link, "/runs/a?t=2");
    assert.equal(history.entries.length, 2);
});

test("a choice and a copied link first say where scrubbing has come to", () => {
    const { page } = opened();
    page.scrub({ t: 1 });
    assert.equal(linkToCopy(), "http://host/runs/a?t=1");
    page.scrub({ t: 2 });
    page.choose({ x: "linear" });
    assert.deepEqual(
        history.entries.slice(1).map(({ path }) => path),
        ["/runs/a?t=2", "/runs/a?t=2&x=linear"]
    );
});

test("going back within a page restores its view, and Dash hears nothing of it", () => {
    const { page } = opened();
    page.choose({ t: 1 }, "t");
    assert.equal(history.back(), false);
    assert.deepEqual(page.view, STANDARD);
    assert.deepEqual(sent, [["store", { data: STANDARD }]]);
    page.choose({ t: 2 }, "t"); // the choice before is no longer the latest change
    assert.equal(history.entries.length, 3);
});

test("going back from scrubbing does not write its view into the entry gone to", (context) => {
    const { page } = opened();
    page.choose({ t: 1 });
    page.scrub({ t: 2 });
    history.back();
    context.mock.timers.tick(1000);
    assert.equal(history.link, "/runs/a?z=1");
    assert.deepEqual(page.view, STANDARD);
});

test("entries of another page, and of a page that is gone, are left to Dash", () => {
    const { element } = opened();
    assert.equal(history.back(), true);
    history.at = 1;
    history.entries.push({ state: history.state, path: "/runs/a" });
    history.at = 2;
    element.isConnected = false;
    assert.equal(history.back(), true);
});

test("on the way to the next page, going back is left to Dash", (context) => {
    const { page } = opened();
    page.choose({ t: 1 });
    page.scrub({ t: 2 });
    navigate("/sweeps");
    context.mock.timers.tick(1000);
    assert.equal(history.link, "/sweeps");
    assert.equal(history.back(), true);
    assert.equal(history.back(), false); // on this page again
});

test("a link without a query, followed on its page, shows the standard view if asked to", () => {
    for (const bare of [true, false]) {
        const { page } = opened({ bare });
        page.choose({ t: 1 });
        navigate("/runs/a");
        assert.deepEqual(page.view, bare ? STANDARD : { t: 1, x: "log" });
        assert.equal(sent.length, 1);
    }
});

test("what is copied is in full where the address leaves out what may change", () => {
    opened({}, { standard: STANDARD, full: ["x"] });
    assert.equal(linkToCopy(), "http://host/runs/a?x=log");
});

test("another link of the same entry", () => {
    history.entries[1].state = { kept: 1 };
    readdress("/compare?t=1");
    assert.deepEqual(history.entries[1], { state: { kept: 1 }, path: "/compare?t=1" });
});

test("a view is asked for on an open page only", () => {
    assert.throws(() => new PageView("run-view").view, /run-view: no such page/);
});
