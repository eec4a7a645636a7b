// Clocks tick from the server's time; they are no live region and speak up only three times.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const TONES = ["rd-tone-danger", "rd-tone-warn", "rd-tone-ok"];
const SPOKEN = [30 * MINUTE, 10 * MINUTE, 0];

const served = Date.parse(document.body.dataset.now ?? "");
const started = performance.now();

function present() {
  return Number.isNaN(served) ? Date.now() : served + performance.now() - started;
}

function parts(seconds, precise) {
  const [day, hour, minute, second] = (document.body.dataset.units ?? "d|h|min|s").split("|");
  const found = [
    [Math.floor(seconds / DAY), day],
    [Math.floor((seconds % DAY) / HOUR), hour],
    [Math.floor((seconds % HOUR) / MINUTE), minute],
  ];
  if (precise && seconds < HOUR) found.push([seconds % MINUTE, second]);
  return found.filter(([count]) => count > 0).slice(0, 2).map(([count, unit]) => `${count} ${unit}`);
}

function words(seconds, precise) {
  const size = Math.abs(seconds);
  const unit = precise ? 1 : size >= DAY ? DAY : size >= 4 * HOUR ? HOUR : MINUTE;
  return parts(size - (size % unit), precise).join(" ") || `0 ${document.body.dataset.units.split("|")[2]}`;
}

function tone(left) {
  return left < HOUR ? TONES[0] : left < 4 * HOUR ? TONES[1] : TONES[2];
}

function announce(left, element) {
  const before = Number(element.dataset.leftBefore ?? Infinity);
  element.dataset.leftBefore = left;
  if (!SPOKEN.some((mark) => before > mark && left <= mark && Number.isFinite(before))) return;
  let region = document.getElementById("clock-spoken");
  if (!region) {
    region = document.createElement("p");
    region.id = "clock-spoken";
    region.className = "rd-sr";
    region.setAttribute("role", "status");
    (document.querySelector("main") ?? document.body).append(region);
  }
  const text = document.body.dataset[left > 0 ? "left" : "late"] ?? "{span}";
  region.textContent = text.replace("{span}", words(left, false));
}

function tick() {
  const at = present();
  for (const element of document.querySelectorAll("[data-due]")) {
    const target = element.querySelector("[data-words]");
    const left = Math.round((Date.parse(element.dataset.due) - at) / 1000);
    if (!target || Number.isNaN(left)) continue;
    const precise = "precise" in element.dataset;
    const span = words(left, precise);
    const text = left < 0 ? (document.body.dataset.late ?? "{span}").replace("{span}", span) : span;
    if (target.textContent !== text) target.textContent = text;
    if (!element.classList.contains("rd-tone-neutral")) {
      element.classList.remove(...TONES.filter((name) => name !== tone(left)));
      element.classList.add(tone(left));
    }
    if (precise) announce(left, element);
  }
}

if (document.querySelector("[data-due]") || document.querySelector("[hx-get]")) {
  tick();
  setInterval(tick, 1000);
}
