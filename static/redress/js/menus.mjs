// Menus, dialogs, folds, copy buttons, and the theme without a page load.

function show(root) {
  for (const button of root.querySelectorAll("[data-dialog], [data-copy]")) button.hidden = false;
  if (!window.matchMedia("(max-width: 759px)").matches) return;
  for (const fold of root.querySelectorAll("details[data-fold]")) fold.open = false;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]") ?? button;
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => {
    words.textContent = before;
  }, 2000);
}

async function switchTheme(event) {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches?.("[data-theme-switch]") || !button) return;
  event.preventDefault();
  if (button.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = button.value;
  for (const other of form.querySelectorAll("[aria-pressed]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const data = new FormData(form, button);
  await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" });
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopImmediatePropagation();
});
document.addEventListener("submit", switchTheme);
document.addEventListener("htmx:load", (event) => show(event.target));
show(document);
