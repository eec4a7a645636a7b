// An inspection on a phone with a bad connection: what is typed is kept on the phone, photos wait
// in a queue and go up one by one. Each has a number of its own, so that sending it twice is harmless.

const AGAIN = 15000;
const holder = document.querySelector("[data-inspection]");
const id = holder?.dataset.inspection;
const kept = `rd-inspection-${id}`;
let sending = false;

function database() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("rd-inspections", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "nonce" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function store(mode, act) {
  const base = await database();
  return new Promise((done, failed) => {
    const asked = act(base.transaction("photos", mode).objectStore("photos"));
    asked.onsuccess = () => { base.close(); done(asked.result); };
    asked.onerror = () => { base.close(); failed(asked.error); };
  });
}

async function waiting() {
  const all = await store("readonly", (photos) => photos.getAll());
  return all.filter((photo) => photo.inspection === id);
}

function say(state, values = {}) {
  const words = holder.querySelector("[data-queue-words]");
  if (!words) return;
  const text = words.dataset[state] ?? "";
  words.textContent = text.replace("{n}", values.n ?? "").replace("{why}", values.why ?? "");
  words.hidden = text === "";
}

async function show() {
  const photos = await waiting();
  const list = holder.querySelector("[data-queue-list]");
  list?.replaceChildren(...photos.map((photo) => {
    const line = document.createElement("li");
    line.textContent = photo.name;
    return line;
  }));
  if (photos.length) say("waiting", { n: photos.length });
  return photos;
}

async function post(photo) {
  const data = new FormData();
  data.append("nonce", photo.nonce);
  data.append("taken_at", photo.takenAt);
  data.append("photo", photo.blob, photo.name);
  return fetch(holder.dataset.photoUrl, {
    method: "POST",
    body: data,
    credentials: "same-origin",
    headers: { "X-CSRFToken": holder.querySelector("[name=csrfmiddlewaretoken]").value },
  });
}

// Sends what waits; true when nothing waits any more. A refused photo is dropped, with words why.
async function flush() {
  if (sending) return false;
  sending = true;
  let refused = "";
  try {
    const photos = await show();
    for (const photo of photos) {
      const answer = await post(photo);
      if (answer.status === 422) refused = (await answer.json()).problem;
      else if (!answer.ok || answer.redirected) return false;
      await store("readwrite", (all) => all.delete(photo.nonce));
    }
    await show();
    if (refused) say("refused", { why: refused });
    else if (photos.length) say("sent");
    return true;
  } catch {
    return false;
  } finally {
    sending = false;
  }
}

async function take(input) {
  for (const file of [...input.files]) {
    const photo = {
      nonce: crypto.randomUUID(),
      inspection: id,
      name: file.name,
      takenAt: new Date(file.lastModified).toISOString(),
      blob: file,
    };
    await store("readwrite", (photos) => photos.put(photo));
  }
  input.value = "";
  await show();
  await flush();
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && !["file", "hidden"].includes(field.type));
}

function keep(form) {
  const values = fields(form).map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
  localStorage.setItem(kept, JSON.stringify(Object.fromEntries(values)));
}

function restore(form) {
  const values = JSON.parse(localStorage.getItem(kept) ?? "{}");
  for (const field of fields(form)) {
    if (!(field.name in values)) continue;
    if (field.type === "checkbox") field.checked = values[field.name];
    else if (!field.value) field.value = values[field.name];
  }
}

async function submit(event) {
  const form = event.target;
  event.preventDefault();
  await flush();
  try {
    const sent = { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" };
    const answer = await fetch(form.action, sent);
    // Done, or logged out: the page itself tells. What was typed is forgotten once it stands there.
    if (answer.type === "opaqueredirect") location.reload();
    else form.submit();
  } catch {
    keep(form);
    say("kept");
  }
}

if (holder) {
  const form = holder.matches("form") ? holder : null;
  if (form) {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", submit);
    form.querySelector("input[type=file]")?.addEventListener("change", (event) => take(event.target));
  } else {
    localStorage.removeItem(kept);
  }
  window.addEventListener("online", flush);
  setInterval(async () => { if ((await waiting()).length) await flush(); }, AGAIN);
  flush();
}
