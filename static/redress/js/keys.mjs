// Single keys of the desk: outside inputs only, never while composing, and they can be turned off.

const GO_PAUSE = 1500;
let going = 0;
let copied = 0;

function off() {
  return document.body.classList.contains("rd-keys-off");
}

function typing(target) {
  return Boolean(
    target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])"),
  );
}

function usable(element) {
  return element && !element.disabled && element.getClientRects().length > 0;
}

function press(element) {
  if (element.matches("input[type=search], input[type=text], textarea")) {
    element.focus();
    element.select?.();
    return;
  }
  element.focus();
  element.click();
  if (element.type === "radio") element.form?.querySelector("textarea")?.focus();
}

function find(name) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)];
  return found.find((element) => usable(element) || (element.type === "radio" && !element.disabled));
}

function titles() {
  return [...document.querySelectorAll("[data-queue-row] .rd-queue-title")];
}

function here(rows) {
  const focused = rows.indexOf(document.activeElement);
  return focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
}

function step(by) {
  const rows = titles();
  const next = rows[Math.min(Math.max(here(rows) + by, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function open() {
  const rows = titles();
  rows[Math.max(here(rows), 0)]?.click();
}

function pick() {
  const row = document.activeElement?.closest?.("[data-queue-row]") ?? titles()[0]?.closest("[data-queue-row]");
  const tick = row?.querySelector(".rd-queue-select");
  if (!tick) return;
  tick.click();
  row.querySelector(".rd-queue-title").focus();
}

function copyReference() {
  const head = document.querySelector("[data-reference]");
  if (!head) return;
  const twice = Date.now() - copied < GO_PAUSE;
  copied = Date.now();
  const { reference, title } = head.dataset;
  navigator.clipboard.writeText(twice && title ? `${reference} ${title}` : reference);
}

function go(name) {
  going = 0;
  const link = document.querySelector(`[data-go="${CSS.escape(name)}"]`);
  link?.click();
  return Boolean(link);
}

function single(event) {
  const name = event.key.toLowerCase();
  if (Date.now() - going < GO_PAUSE) return go(name);
  if (name === "g") going = Date.now();
  else if (name === "j" && titles().length) step(1);
  else if (name === "k" && titles().length) step(-1);
  else if (name === ".") copyReference();
  else if (name === "enter") {
    if (document.activeElement !== document.body) return false;
    open();
  } else if (name === "o") open();
  else if (name === "x") pick();
  else if (name === "escape") document.querySelector("[data-list-back]")?.click();
  else {
    document.dispatchEvent(new CustomEvent("rd:key", { detail: name }));
    const target = find(event.key === "?" ? "?" : name);
    if (!target) return false;
    press(target);
  }
  return true;
}

function chord(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
  const name = event.shiftKey ? "ctrl+shift+enter" : "ctrl+enter";
  const form = document.activeElement?.closest("form") ?? document;
  const button = form.querySelector(`[data-key="${name}"]`);
  if (!usable(button)) return false;
  button.click();
  return true;
}

function pressed(event) {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.repeat) return;
  if (chord(event)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!off() && single(event)) event.preventDefault();
}

function switchKeys(event) {
  if (!event.target.matches?.("[data-keys-switch]")) return;
  const on = event.target.checked;
  document.body.classList.toggle("rd-keys-off", !on);
  document.cookie = `keys=${on ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
}

document.addEventListener("keydown", pressed);
document.addEventListener("change", switchKeys);
