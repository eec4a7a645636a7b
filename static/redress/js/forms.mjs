// Forms: focus on the error summary, lock while sending, reveal what a choice asks for.

const ready = new WeakSet();

function once(elements, start) {
  for (const element of elements) {
    if (ready.has(element)) continue;
    ready.add(element);
    start(element);
  }
}

function focusErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}

function busy(button, words) {
  button.setAttribute("aria-busy", "true");
  const text = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!text) return;
  button.dataset.words = text.data;
  text.data = words;
}

function calm(button) {
  button.removeAttribute("aria-busy");
  if (button.dataset.words === undefined) return;
  const text = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (text) text.data = button.dataset.words;
  delete button.dataset.words;
}

function lock(event) {
  const form = event.target;
  if (!form.matches("form[data-lock]")) return;
  if (form.dataset.locked) {
    event.preventDefault();
    return;
  }
  // Other listeners may still stop the submission; only then is it known.
  setTimeout(() => {
    if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
    form.dataset.locked = "1";
    const button = event.submitter;
    if (button) busy(button, button.dataset.busy || document.body.dataset.sending);
  });
}

function unlock(form) {
  if (!form?.matches?.("form[data-lock]")) return;
  delete form.dataset.locked;
  form.querySelectorAll("[aria-busy]").forEach(calm);
}

function reveal(block) {
  const { revealName: name, revealValue: value } = block.dataset;
  const scope = block.closest("form") ?? document;
  const update = () => {
    const chosen = [...scope.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter(
      (control) => control.checked || control.tagName === "SELECT",
    );
    block.hidden = !chosen.some((control) => value.split("|").includes(control.value));
  };
  scope.addEventListener("change", update);
  update();
}

function start(root) {
  once(root.querySelectorAll("[data-reveal-name]"), reveal);
}

document.addEventListener("submit", lock);
document.addEventListener("htmx:afterRequest", (event) => unlock(event.target.closest?.("form")));
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-lock]").forEach(unlock));
document.addEventListener("htmx:load", (event) => {
  start(event.target);
  if (event.target !== document.body) focusErrors(event.target);
});
start(document);
focusErrors(document);
