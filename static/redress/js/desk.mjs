// The desk: reply and note apart in colour, bulk actions, and a word when the network is away.

function colourComposer(root) {
  for (const form of root.querySelectorAll("[data-composer]")) {
    const note = form.querySelector("[name=kind]:checked")?.value === "internal";
    form.classList.toggle("rd-composer-note", note);
  }
}

function countSelected() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const chosen = document.querySelectorAll(".rd-queue-select:checked").length;
  bar.hidden = chosen === 0;
  const words = bar.querySelector("[data-bulk-count]");
  if (words) words.textContent = chosen;
}

function offline(away) {
  const notice = document.querySelector("[data-offline]");
  if (notice) notice.hidden = !away;
}

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-composer]")) colourComposer(document);
  if (event.target.matches(".rd-queue-select")) countSelected();
});
document.addEventListener("htmx:load", (event) => {
  colourComposer(event.target);
  countSelected();
});
document.addEventListener("htmx:sendError", () => offline(true));
document.addEventListener("htmx:afterOnLoad", () => offline(false));
colourComposer(document);
countSelected();
