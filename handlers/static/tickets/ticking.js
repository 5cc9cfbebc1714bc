// Clocks go by the server's time: once a minute, and on coming back to the page, they are read again.

import { refresh } from "../kit/kit.js";

const EVERY_MS = 60_000;
const look = () => document.visibilityState === "visible" && refresh(["ticket"]);

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
