// Drafts: post the form to data-autosave shortly after a change, and say so.

const PAUSE = 1200;
const timers = new WeakMap();

function tell(form, state) {
  const target = form.querySelector("[data-saved-words]") ?? document.querySelector("[data-saved-words]");
  if (target) target.textContent = target.dataset[state] ?? "";
}

async function save(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  tell(form, "saving");
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: data,
      credentials: "same-origin",
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    tell(form, answer.ok ? "saved" : "failed");
  } catch {
    tell(form, "failed");
  }
}

function later(event) {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form || event.target.type === "file") return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), PAUSE));
}

document.addEventListener("input", later);
document.addEventListener("change", later);
document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)));
