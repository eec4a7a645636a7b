// Fields: date shortcuts, counters, live sums, repeating rows.

const ready = new WeakSet();

function once(elements, start) {
  for (const element of elements) {
    if (ready.has(element)) continue;
    ready.add(element);
    start(element);
  }
}

function changed(control) {
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

// The promise is "today in Shanghai", wherever the phone thinks it is.
function dayFromNow(days) {
  const base = document.body.dataset.now ? new Date(document.body.dataset.now) : new Date();
  const day = new Date(base.getTime() + days * 86400000);
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(day);
  return parts.slice(0, 10);
}

function dateShortcut(button) {
  const field = document.getElementById(button.dataset.dateFor);
  if (!field) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = dayFromNow(Number(button.dataset.days));
    changed(field);
    field.focus();
  });
}

function counter(words) {
  const field = document.getElementById(words.dataset.counterFor);
  if (!field) return;
  const most = Number(words.dataset.max);
  const update = () => {
    const left = most - [...field.value.replace(/\r?\n/g, "\r\n")].length;
    words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{count}", Math.abs(left));
    words.classList.toggle("rd-counter-over", left < 0);
  };
  field.addEventListener("input", update);
  update();
}

// Hundredths as whole numbers: 33.3 + 33.3 + 33.4 must be exactly 100.
function hundredths(controls) {
  return controls.reduce((sum, control) => sum + Math.round(Number(control.value || 0) * 100), 0);
}

function plain(number) {
  return String(number / 100);
}

function shares(form) {
  const sum = form.querySelector("[data-share-sum]");
  const words = form.querySelector("[data-share-words]");
  const update = () => {
    const total = hundredths([...form.querySelectorAll("[data-share]")]);
    if (sum) sum.textContent = `${plain(total)}%`;
    if (!words) return;
    const { exact, under, over } = words.dataset;
    const text = total === 10000 ? exact : total < 10000 ? under : over;
    words.textContent = text.replace("{n}", plain(Math.abs(10000 - total)));
    words.classList.toggle("rd-tone-danger", total !== 10000);
    words.classList.toggle("rd-tone-ok", total === 10000);
  };
  form.addEventListener("input", update);
  form.addEventListener("rd:rows", update);
  update();
}

function lines(block) {
  const sum = block.querySelector("[data-line-sum]");
  if (!sum) return;
  const money = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const update = () => {
    const total = hundredths([...block.querySelectorAll("[data-line]")]);
    sum.textContent = `¥${money.format(total / 100)}`;
  };
  block.addEventListener("input", update);
  block.addEventListener("rd:rows", update);
  update();
}

// One formset: a template row with __prefix__, a button, a list, Django's TOTAL_FORMS.
function formset(block) {
  const template = block.querySelector("template[data-row-template]");
  const button = block.querySelector("[data-row-add]");
  const rows = block.querySelector("[data-rows]");
  const total = block.querySelector(`[name="${CSS.escape(block.dataset.formset)}-TOTAL_FORMS"]`);
  if (!template || !button || !rows || !total) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    rows.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    rows.lastElementChild?.querySelector("input, select, textarea")?.focus();
    block.dispatchEvent(new Event("rd:rows", { bubbles: true }));
  });
}

function start(root) {
  once(root.querySelectorAll("[data-date-for]"), dateShortcut);
  once(root.querySelectorAll("[data-counter-for]"), counter);
  once(root.querySelectorAll("[data-shares]"), shares);
  once(root.querySelectorAll("[data-lines]"), lines);
  once(root.querySelectorAll("[data-formset]"), formset);
}

document.addEventListener("htmx:load", (event) => start(event.target));
start(document);
