/**
 * The panels, in the order of their tabs. Each is made by `createXPanel(context)` (panel.js).
 */

import { createPersonPanel } from "../inspector-person.js";
import { createWhyPanel } from "../inspector.js";
import { createBehavioursPanel } from "./behaviours.js";
import { createCostPanel } from "./cost.js";
import { createNetworkPanel } from "./network.js";
import { createNewsPanel } from "./news.js";
import { createTalkPanel } from "./talk.js";

/** @type {((context: import("./panel.js").Context) => import("./panel.js").Panel)[]} */
export const PANELS = [
  createWhyPanel, createPersonPanel, createTalkPanel, createNetworkPanel, createNewsPanel, createBehavioursPanel, createCostPanel,
];
