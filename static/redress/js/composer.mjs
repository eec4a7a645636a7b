// The composer: a draft for each kind kept on the server as one writes, and the wait of a sent reply.

const PAUSE = 1200;
const LONGEST_WAIT = 10_000;
const form = document.querySelector("[data-composer][data-draft]");

function say(state, words) {
  const target = form.querySelector("[data-saved-words]");
  if (target) target.textContent = words ?? target.dataset[state] ?? "";
}

function bodyOf(kind, text, version) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "nonce"]) data.append(name, form.elements[name]?.value ?? "");
  data.append("kind", kind);
  data.append("text", text);
  data.append("draft_version", `${kind}:${version}`);
  return data;
}

class Drafts {
  constructor() {
    this.box = form.elements.text;
    this.kind = form.querySelector("[name=kind]:checked")?.value ?? "internal";
    const [first, version] = form.elements.draft_version.defaultValue.split(":");
    this.first = first;
    this.kept = { [first]: { text: this.box.defaultValue, version } };
    const other = form.querySelector("[data-other-draft]");
    if (other) {
      const name = first === "reply" ? "internal" : "reply";
      const words = other.querySelector("template").content.textContent;
      this.kept[name] = { text: words, version: other.dataset.version };
      other.hidden = true;
    }
    this.timer = 0;
    this.posts = 0;
    this.line = Promise.resolve();
    // A browser that comes back may have turned the choice by itself.
    this.showVersion();
    this.showFiles();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  save() {
    clearTimeout(this.timer);
    const { kind } = this;
    const text = this.box.value;
    // One at a time, so that each post knows the version that the last one made.
    this.posts += 1;
    this.line = this.line.then(() => this.post(kind, text)).finally(() => (this.posts -= 1));
    return this.line;
  }

  // What is sent names the version of its draft: one that is just being kept makes another first.
  send(event) {
    clearTimeout(this.timer);
    if (!this.posts || this.waited || form.dataset.locked) return;
    event.preventDefault();
    if (this.waits) return;
    this.waits = true;
    const { submitter } = event;
    const enough = setTimeout(() => this.sendNow(submitter), LONGEST_WAIT);
    this.line.then(() => {
      clearTimeout(enough);
      if (this.waits) this.sendNow(submitter);
    });
  }

  sendNow(submitter) {
    this.waits = false;
    this.waited = true;
    form.requestSubmit(submitter);
    this.waited = false;
  }

  async post(kind, text) {
    const version = this.kept[kind]?.version ?? "0";
    say("saving");
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: bodyOf(kind, text, version),
        credentials: "same-origin",
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      const said = await answer.json();
      if (answer.ok) this.kept[kind] = { text, version: String(said.version) };
      if (kind === this.kind) this.showVersion();
      say(answer.ok ? "saved" : "failed", answer.ok ? undefined : said.words);
    } catch {
      say("failed");
    }
  }

  showVersion() {
    form.elements.draft_version.value = `${this.kind}:${this.kept[this.kind]?.version ?? "0"}`;
  }

  // What goes with the text is what one sees: the files of this kind's draft, never the other's.
  showFiles() {
    for (const list of form.querySelectorAll("[data-draft-files]")) {
      list.hidden = (list.dataset.draftFiles === "other") === (this.kind === this.first);
    }
    showFiles(form.elements.files);
  }

  change(kind) {
    if (kind === this.kind) return;
    this.save();
    this.kept[this.kind] = { ...this.kept[this.kind], text: this.box.value };
    this.kind = kind;
    this.box.value = this.kept[kind]?.text ?? "";
    this.showVersion();
    this.showFiles();
  }
}

function countDown(row) {
  const words = row.querySelector(".rd-waiting-left");
  const end = Date.now() + Number(row.dataset.waiting) * 1000;
  const pattern = words.textContent;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    if (/\d+/.test(pattern)) words.textContent = pattern.replace(/\d+/, left);
    if (left) setTimeout(tick, 1000);
    else words.textContent = words.dataset.sending;
  };
  tick();
}

function showFiles(input) {
  const names = form.querySelector("[data-file-names]");
  if (names) names.textContent = [...input.files].map((file) => file.name).join("、");
  const kept = form.querySelector("[data-draft-files]:not([hidden])");
  form.elements.text.required = input.files.length === 0 && !kept;
}

if (form) {
  const drafts = new Drafts();
  form.addEventListener("input", (event) => {
    if (event.target === drafts.box) drafts.later();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") drafts.change(event.target.value);
    if (event.target.type === "file") showFiles(event.target);
  });
  form.addEventListener("submit", (event) => drafts.send(event));
  window.addEventListener("pagehide", () => {
    const kept = drafts.kept[drafts.kind]?.text ?? "";
    if (form.dataset.locked || drafts.box.value === kept) return;
    const version = drafts.kept[drafts.kind]?.version ?? "0";
    navigator.sendBeacon(form.dataset.draft, bodyOf(drafts.kind, drafts.box.value, version));
  });
}
document.querySelectorAll("[data-waiting]").forEach(countDown);
