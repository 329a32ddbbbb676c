/* As much of a browser as modules touch when they are loaded, and a history that goes back. */

class FakeHistory {
    entries = [{ state: null, path: "/" }];
    at = 0;

    get state() {
        return this.entries[this.at].state;
    }

    get link() {
        return this.entries[this.at].path;
    }

    pushState(state, _, path = this.link) {
        this.entries.splice(this.at + 1, Infinity, { state: structuredClone(state), path });
        this.at += 1;
    }

    replaceState(state, _, path = this.link) {
        this.entries[this.at] = { state: structuredClone(state), path };
    }

    /** Go back; whether Dash hears of it. */
    back() {
        this.at -= 1;
        let heard = false;
        const dash = () => {
            heard = true;
        };
        window.addEventListener("popstate", dash, { once: true });
        window.dispatchEvent(Object.assign(new Event("popstate"), { state: this.state }));
        window.removeEventListener("popstate", dash);
        return heard;
    }
}

const history = new FakeHistory();
const location = {
    origin: "http://host",
    get pathname() {
        return history.link.split("?")[0];
    },
    get search() {
        const [, query] = history.link.split("?");
        return query ? `?${query}` : "";
    },
    get href() {
        return this.origin + history.link;
    },
};

/** What was set by set_props, the latest last. */
export const sent = [];

export const window = Object.assign(new EventTarget(), {
    history,
    location,
    dash_clientside: {
        no_update: { description: "no update" },
        callback_context: {},
        set_props: (id, props) => sent.push([id, props]),
    },
});
const nothing = () => null;
const document = Object.assign(new EventTarget(), {
    getElementById: nothing,
    querySelector: nothing,
    querySelectorAll: () => [],
});
class MutationObserver {
    observe() {}
    disconnect() {}
}
Object.assign(globalThis, { window, document, MutationObserver });
