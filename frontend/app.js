// What the pages do in the browser. Every page works without it: htmx swaps parts that are plain links and forms underneath.
import htmx from "htmx.org/dist/htmx.esm.js";

// The content security policy allows neither code from text nor styles set by scripts.
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold personal data; the browser's own storage is no place for them
  refreshOnHistoryMiss: true,
});
// A form that is refused comes back with its errors as 422 and is shown like any answer.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// After a swap the focus is on the new heading, and the new count is read out.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  part.querySelector("[data-focus]")?.focus();
  const news = part.querySelector("[data-announce]")?.textContent;
  if (news) document.getElementById("announcer").textContent = news.trim();
});

const isWriting = (element) => element.closest?.("input, textarea, select, [contenteditable]") !== null;

// Single keys rest while a field has focus, and a reader can switch them off: <body data-single-keys="off">.
const singleKeys = {
  "/": () => document.querySelector("[data-search-field]"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.body.dataset.singleKeys === "off" || isWriting(event.target)) return;
  const field = singleKeys[event.key]?.();
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// Where a row of tabs is wider than the window, the current one is in view.
for (const row of document.querySelectorAll(".tabs")) {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
}
