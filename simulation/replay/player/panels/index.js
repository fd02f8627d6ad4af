/**
 * The panels, in the order of their tabs. Each is made by `createXPanel(context)` (panel.js).
 */

/** @type {((context: import("./panel.js").Context) => import("./panel.js").Panel)[]} */
export const PANELS = [];
