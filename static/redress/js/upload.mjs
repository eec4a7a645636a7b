// Evidence: one request a file, with progress; a refused file never stops the others.

const ready = new WeakSet();

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function row(file) {
  const item = make("li", "rd-file");
  const main = make("div", "rd-file-main");
  const bar = make("progress");
  const state = make("span", "rd-file-state");
  const button = make("button", "rd-button rd-button-quiet rd-button-s");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  button.type = "button";
  main.append(make("span", "rd-file-name", file.name), state, bar);
  item.append(main, button);
  return { item, bar, state, button };
}

function refuse(parts, words) {
  parts.item.classList.add("rd-file-refused");
  parts.bar.hidden = true;
  parts.state.textContent = words;
}

function takeAnswer(parts, request) {
  const template = document.createElement("template");
  template.innerHTML = request.responseText;
  const answer = template.content.querySelector("li");
  if (answer) parts.item.replaceWith(answer);
  return Boolean(answer);
}

function removable(block, parts) {
  parts.button.textContent = block.dataset.remove;
  parts.button.onclick = () => parts.item.remove();
}

function send(block, file, parts) {
  const form = block.closest("form");
  const data = new FormData();
  const request = new XMLHttpRequest();
  const words = block.dataset;
  const failed = () => {
    refuse(parts, words.network);
    parts.button.textContent = words.retry;
    parts.button.onclick = () => {
      parts.item.classList.remove("rd-file-refused");
      parts.bar.hidden = false;
      send(block, file, parts);
    };
  };
  data.append("csrfmiddlewaretoken", form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  data.append(block.querySelector("[data-plain] input").name, file);
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    parts.bar.value = Math.round((100 * event.loaded) / event.total);
    parts.state.textContent = words.sending.replace("{percent}", parts.bar.value);
  };
  request.onload = () => {
    if (!takeAnswer(parts, request)) failed();
  };
  request.onerror = failed;
  request.onabort = () => parts.item.remove();
  parts.button.textContent = words.cancel;
  parts.button.onclick = () => request.abort();
  parts.state.textContent = words.sending.replace("{percent}", 0);
  request.open("POST", words.uploadUrl);
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.send(data);
}

function take(block, files) {
  const most = Number(block.dataset.maxBytesMb) * 1024 * 1024;
  for (const file of files) {
    const parts = row(file);
    block.querySelector("[data-files]").append(parts.item);
    if (most && file.size > most) {
      refuse(parts, block.dataset.tooBig);
      removable(block, parts);
    } else {
      send(block, file, parts);
    }
  }
}

async function remove(event) {
  const button = event.target.closest("[data-files] button[formaction]");
  if (!button) return;
  event.preventDefault();
  const data = new FormData();
  data.append("csrfmiddlewaretoken", button.form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  try {
    const answer = await fetch(button.formAction, {
      method: "POST",
      body: data,
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (answer.ok) button.closest("li").remove();
    else button.form.requestSubmit(button);
  } catch {
    button.disabled = false;
  }
}

function start(block) {
  if (ready.has(block) || !block.dataset.uploadUrl) return;
  ready.add(block);
  const drop = block.querySelector("[data-drop]");
  drop.hidden = false;
  block.querySelector("[data-plain]").hidden = true;
  for (const input of block.querySelectorAll("[data-pick]")) {
    input.addEventListener("change", () => {
      take(block, input.files);
      input.value = "";
    });
  }
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("rd-drop-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("rd-drop-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("rd-drop-over");
    take(block, event.dataTransfer.files);
  });
  block.addEventListener("click", remove);
}

document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("[data-upload]").forEach(start));
document.querySelectorAll("[data-upload]").forEach(start);
