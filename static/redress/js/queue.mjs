// The queue: which rows are chosen, by mouse and by key, and what can be done to them.

function ticks() {
  return [...document.querySelectorAll(".rd-queue-select")];
}

function show() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const all = ticks();
  const chosen = all.filter((tick) => tick.checked).length;
  const everything = bar.querySelector("[data-bulk-all]");
  const page = bar.querySelector("[data-bulk-all-rows]");
  bar.querySelector("[data-bulk-page]").hidden = false;
  page.checked = chosen > 0 && chosen === all.length;
  page.indeterminate = chosen > 0 && chosen < all.length;
  bar.querySelector("[data-bulk-count]").textContent = everything?.checked ? everything.dataset.total : chosen;
  bar.querySelector("[data-bulk-acts]").hidden = chosen === 0 && !everything?.checked;
  for (const tick of all) {
    tick.closest("[data-queue-row]").classList.toggle("rd-queue-picked", tick.checked || Boolean(everything?.checked));
  }
}

let last = null;

// With Shift, everything between the last row and this one gets the same.
function range(tick) {
  const all = ticks();
  const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((one, other) => one - other);
  if (from < 0) return;
  for (const each of all.slice(from, to + 1)) each.checked = tick.checked;
}

document.addEventListener("click", (event) => {
  const tick = event.target.closest?.(".rd-queue-select");
  if (!tick) return;
  if (event.shiftKey && last) range(tick);
  last = tick;
  show();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-bulk-all-rows]")) {
    for (const tick of ticks()) tick.checked = event.target.checked;
  }
  if (event.target.closest("[data-bulk]") || event.target.matches(".rd-queue-select")) show();
});
// A key that works on rows means the row under the focus when none is chosen.
document.addEventListener("rd:key", (event) => {
  if (!["a", "t"].includes(event.detail) || ticks().some((tick) => tick.checked)) return;
  const row = document.activeElement?.closest?.("[data-queue-row]");
  const tick = row?.querySelector(".rd-queue-select");
  if (tick) {
    tick.checked = true;
    show();
  }
});
window.addEventListener("pageshow", show);
document.addEventListener("htmx:load", show);
show();
