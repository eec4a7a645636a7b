// The chat: the newest words stay in sight, what was typed survives news and a lost connection,
// and a frame that a shop's page opened again finds its conversation.

const PLACE = "redress-chat";

function remembered() {
  try {
    return sessionStorage.getItem(PLACE);
  } catch {
    return null; // A browser that keeps nothing for frames: the conversation starts anew.
  }
}

function remember(place) {
  try {
    if (place) sessionStorage.setItem(PLACE, place);
    else sessionStorage.removeItem(PLACE);
  } catch {
    // As above.
  }
}

function toTheEnd() {
  const log = document.querySelector("[data-stream]");
  if (log) log.scrollTop = log.scrollHeight;
}

const page = document.querySelector("[data-chat]");
if (page) remember(page.dataset.chat);

const offer = document.querySelector("[data-chat-resume]");
const place = remembered();
if (offer && place && place.startsWith(`${location.pathname}`)) {
  offer.querySelector("a").href = place;
  offer.hidden = false;
}

// The file control becomes a button that names what was chosen; without scripts it stays as it is.
function dress() {
  for (const label of document.querySelectorAll("[data-attach]")) {
    label.classList.add("rd-button", "rd-button-s", "rd-file-button");
  }
}

document.addEventListener("change", (event) => {
  const label = event.target.closest?.("[data-attach]");
  const told = label?.parentElement.querySelector("[data-attached]");
  if (!told) return;
  const names = Array.from(event.target.files, (file) => file.name).join(" · ");
  told.dataset.hint ??= told.textContent;
  told.textContent = names || told.dataset.hint;
  told.classList.toggle("rd-chat-hint", !names);
});

document.addEventListener("keydown", (event) => {
  const composer = event.target.closest?.("[data-chat-composer]");
  if (!composer || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

dress();
document.addEventListener("htmx:afterSwap", (event) => {
  toTheEnd();
  dress();
  if (event.detail.target?.id === "talk") document.querySelector("[data-chat-composer] textarea")?.focus();
  // What ended or became a case has no more to say: show the page without its composer.
  const polled = document.querySelector("[data-chat-lines]");
  if (polled && !polled.hasAttribute("hx-get")) {
    document.querySelector(".rd-chat-foot")?.remove();
    if (!document.querySelector(".rd-chat-case")) remember("");
  }
});

toTheEnd();
