// In the composer: "@" offers colleagues, "::" opens the ready texts, and others see that one writes.

const WRITING_FOR = 20000;
const form = document.querySelector("[data-composer]");
const box = form?.elements.text;

class Calling {
  constructor(url) {
    this.url = url;
    this.people = null;
    this.found = [];
    this.at = 0;
    this.start = -1;
    this.list = document.createElement("ul");
    this.list.className = "rd-call-list";
    this.list.id = "composer-calls";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.querySelector("[data-mention]").textContent.trim());
    this.list.hidden = true;
    box.after(this.list);
    box.setAttribute("aria-controls", this.list.id);
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const row = event.target.closest("li");
      if (row) this.take(Number(row.dataset.place));
    });
  }

  asked() {
    if (form.querySelector("[name=kind]:checked")?.value !== "internal") return null;
    return /@([^\s@]{0,20})$/.exec(box.value.slice(0, box.selectionStart));
  }

  async load() {
    const answer = await fetch(this.url, { credentials: "same-origin" });
    this.people = answer.ok ? (await answer.json()).colleagues : [];
  }

  async look() {
    if (!this.asked()) return this.close();
    if (this.people === null) await this.load();
    const match = this.asked();
    if (!match) return this.close();
    this.start = match.index;
    const asked = match[1].toLowerCase();
    this.found = this.people.filter((each) => each.call.toLowerCase().includes(asked)).slice(0, 8);
    // A name that is written out needs no offer.
    if (!this.found.length || this.found.some((each) => each.call.toLowerCase() === asked)) return this.close();
    this.at = 0;
    return this.show();
  }

  show() {
    this.list.replaceChildren(
      ...this.found.map((each, place) => {
        const row = document.createElement("li");
        row.id = `composer-call-${place}`;
        row.dataset.place = place;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(place === this.at));
        row.textContent = each.role ? `${each.call} · ${each.role}` : each.call;
        return row;
      }),
    );
    this.list.hidden = false;
    box.setAttribute("aria-activedescendant", `composer-call-${this.at}`);
  }

  close() {
    this.list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  take(place) {
    const call = `@${this.found[place].call} `;
    box.setRangeText(call, this.start, box.selectionStart, "end");
    this.close();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing) return;
    const { length } = this.found;
    if (event.key === "ArrowDown") this.at = (this.at + 1) % length;
    else if (event.key === "ArrowUp") this.at = (this.at + length - 1) % length;
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.list.hidden) this.show();
  }
}

function openPhrases() {
  if (!box.value.slice(0, box.selectionStart).endsWith("::")) return;
  const button = form.querySelector("[data-phrases]");
  if (!button || form.querySelector("[name=kind]:checked")?.value !== "reply") return;
  box.setRangeText("", box.selectionStart - 2, box.selectionStart, "end");
  button.click();
}

let calm = 0;
function tellDoing() {
  const doing = document.getElementById("presence-doing");
  if (!doing) return;
  const kind = form.querySelector("[name=kind]:checked")?.value;
  doing.value = kind === "internal" ? "noting" : "writing";
  clearTimeout(calm);
  calm = setTimeout(() => {
    doing.value = "looking";
  }, WRITING_FOR);
}

const opener = form?.querySelector("[data-mention]");
if (opener?.dataset.mention) {
  const calling = new Calling(opener.dataset.mention);
  box.addEventListener("input", () => {
    calling.look();
    openPhrases();
    tellDoing();
  });
  box.addEventListener("keydown", (event) => calling.pressed(event), true);
  box.addEventListener("blur", () => calling.close());
  opener.addEventListener("click", (event) => {
    const note = form.querySelector("#composer-note");
    event.preventDefault();
    if (!note.checked) note.click();
    box.focus();
    box.setRangeText("@", box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
