// What the keyboard does on every page. Each action is a link or a form that works without this file.
const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

const press = (name) => {
  // Behind an open dialog nothing can be pressed.
  const within = document.querySelector("dialog[open]") ?? document;
  const target = [...within.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find((item) => !item.disabled && item.checkVisibility()
    // Nor what still shows the row before: a quick J then A would decide on the wrong one.
    && !item.closest("[aria-busy]"));
  if (!target) return false;
  target.matches("input, select, textarea") ? target.focus() : target.click();
  // A choice keeps the focus, so that Enter sends its form, or hands it to the field it asks for.
  if (target.matches("label")) (document.getElementById(target.dataset.then) ?? target.control)?.focus();
  return true;
};

const walk = (step) => {
  const items = [...document.querySelectorAll("[data-walk] > li > a, [data-walk] tr[data-href]")];
  if (!items.length) return false;
  const here = items.findIndex((item) => item.getAttribute("aria-current") === "true");
  const next = items[Math.min(items.length - 1, Math.max(0, here + step))];
  next.scrollIntoView({ block: "nearest" });
  next.click();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const open = document.querySelector("dialog[open]");
  if (open && event.key === "?") return open.close();
  const step = { j: 1, k: -1 }[event.key];
  // A key held down walks on, but decides only once.
  const done = step && !open ? walk(step) : !event.repeat && press(event.key);
  if (done) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-all]")) {
    for (const box of document.querySelectorAll(`input[name="${CSS.escape(event.target.dataset.all)}"]`)) box.checked = event.target.checked;
  }
});

// The selected row of a list follows the keys at once; what is shown beside it is busy until it has followed.
document.addEventListener("htmx:trigger", (event) => {
  const item = event.target.closest("[data-walk] > li > a");
  if (!item) return;
  for (const other of item.closest("[data-walk]").querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  item.setAttribute("aria-current", "true");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest("[data-walk]")) event.detail.target.setAttribute("aria-busy", "true");
});
// What refreshes itself waits while nobody looks, and while somebody reads in it or is about to press something.
document.addEventListener("htmx:beforeRequest", (event) => {
  const live = event.target.matches("[data-live]") && event.target;
  if (live && (document.hidden || live.contains(document.activeElement) || live.querySelector("details[open]"))) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
