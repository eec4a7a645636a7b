// The command palette: Ctrl K or Cmd K, a few letters, Enter. The server says what there is.

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("[data-palette-input]");
const list = dialog?.querySelector("[data-palette-list]");
const status = dialog?.querySelector("[data-palette-status]");
const PAUSE = 120;
let waiting = 0;
let asked = null;

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function chosen() {
  return list.querySelector("[role=option][aria-selected=true]");
}

function step(by) {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  choose(all[(at + by + all.length) % all.length]);
}

function follow(option) {
  if (!option) return;
  dialog.close();
  window.location.assign(option.dataset.href);
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(dialog.dataset.palette, window.location.href);
  address.searchParams.set("q", input.value);
  const reference = document.querySelector("[data-reference]")?.dataset.reference;
  if (reference) address.searchParams.set("case", reference);
  try {
    const headers = { "X-Palette": "1" };
    const answer = await fetch(address, { headers, credentials: "same-origin", signal: asked.signal });
    if (!answer.ok || answer.redirected) throw new TypeError(answer.statusText);
    list.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = dialog.dataset.away;
    return;
  }
  choose(options()[0]);
  status.textContent = dialog.dataset.found.replace("{count}", options().length);
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.value = "";
  input.focus();
  ask();
}

function pressed(event) {
  const palette = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!palette || event.key.toLowerCase() !== "k" || event.isComposing) return;
  if (document.querySelector("dialog[open]") && !dialog.open) return;
  event.preventDefault();
  open();
}

if (dialog) {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (opener) {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") follow(chosen());
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => follow(event.target.closest("[role=option]")));
}
