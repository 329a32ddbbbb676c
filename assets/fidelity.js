/* /fidelity: a click on a point of ours opens its run; the point carries the link. */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.fidelity = {
    open: function () {
        "use strict";
        const trigger = (window.dash_clientside.callback_context.triggered || [])[0];
        const point = (((trigger || {}).value || {}).points || [])[0];
        return (point && point.customdata) || window.dash_clientside.no_update;
    },
};
