// The desk: reply and note apart in colour, and a word when the network is away.

function colourComposer(root) {
  for (const form of root.querySelectorAll("[data-composer]")) {
    const note = form.querySelector("[name=kind]:checked")?.value === "internal";
    form.classList.toggle("rd-composer-note", note);
  }
}

function offline(away) {
  const notice = document.querySelector("[data-offline]");
  if (notice) notice.hidden = !away;
}

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-composer]")) colourComposer(document);
});
document.addEventListener("htmx:load", (event) => {
  colourComposer(event.target);
});
document.addEventListener("htmx:sendError", () => offline(true));
document.addEventListener("htmx:afterOnLoad", () => offline(false));
colourComposer(document);
