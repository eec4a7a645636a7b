// A picture that can be zoomed, moved and turned: by buttons, keys, wheel and drag.

const STEPS = [1, 1.5, 2, 3, 4, 6, 8];
const MOVE = 60;

class Viewer {
  constructor(figure) {
    this.figure = figure;
    this.stage = figure.querySelector("[data-viewer-stage]");
    this.picture = this.stage.querySelector("img");
    this.state = figure.querySelector("[data-viewer-state]");
    this.whole();
    figure.querySelector("[data-viewer-tools]").hidden = false;
    figure.classList.add("rd-viewer-on");
    this.stage.tabIndex = 0;
    figure.addEventListener("click", (event) => this.pressed(event));
    this.stage.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.taken(event));
    this.stage.addEventListener("pointermove", (event) => this.dragged(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(end, () => this.dropped());
    }
    this.stage.addEventListener("keydown", (event) => this.keyed(event));
    this.stage.addEventListener("dblclick", () => this.zoom(this.scale > 1 ? -STEPS.length : 2));
    this.draw();
  }

  whole() {
    Object.assign(this, { scale: 1, x: 0, y: 0, turn: 0, from: null });
  }

  zoom(by) {
    const at = STEPS.indexOf(this.scale) + by;
    const scale = STEPS[Math.min(Math.max(at, 0), STEPS.length - 1)];
    this.x *= scale / this.scale;
    this.y *= scale / this.scale;
    this.scale = scale;
    this.draw();
  }

  pressed(event) {
    const what = event.target.closest("[data-view]")?.dataset.view;
    if (what === "in") this.zoom(1);
    else if (what === "out") this.zoom(-1);
    else if (what === "turn") this.turned();
    else if (what === "fit") {
      this.whole();
      this.draw();
    }
  }

  turned() {
    this.turn = (this.turn + 90) % 360;
    this.draw();
  }

  wheeled(event) {
    if (!event.ctrlKey && document.activeElement !== this.stage) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1 : -1);
  }

  taken(event) {
    if (this.scale === 1 || event.button) return;
    this.from = { x: event.clientX - this.x, y: event.clientY - this.y };
    this.stage.setPointerCapture(event.pointerId);
    this.figure.classList.add("rd-viewer-moving");
  }

  dragged(event) {
    if (!this.from) return;
    this.x = event.clientX - this.from.x;
    this.y = event.clientY - this.from.y;
    this.draw();
  }

  dropped() {
    this.from = null;
    this.figure.classList.remove("rd-viewer-moving");
  }

  keyed(event) {
    const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (!move || this.scale === 1) return;
    event.preventDefault();
    this.x += move[0] * MOVE;
    this.y += move[1] * MOVE;
    this.draw();
  }

  draw() {
    const { width, height } = this.stage.getBoundingClientRect();
    const sideways = this.turn % 180 !== 0;
    const [shown, across] = [this.picture.clientWidth, this.picture.clientHeight];
    const room = sideways && shown && across ? Math.min(width / across, height / shown, 1) : 1;
    const reach = (side) => (side * (this.scale - 1)) / 2;
    this.x = Math.min(Math.max(this.x, -reach(width)), reach(width));
    this.y = Math.min(Math.max(this.y, -reach(height)), reach(height));
    const style = `translate(${this.x}px, ${this.y}px) scale(${this.scale * room}) rotate(${this.turn}deg)`;
    this.picture.style.transform = style;
    this.figure.classList.toggle("rd-viewer-near", this.scale > 1);
    this.state.textContent = `${Math.round(this.scale * 100)}%${this.turn ? ` · ${this.turn}°` : ""}`;
  }
}

for (const figure of document.querySelectorAll("[data-viewer]")) {
  const viewer = new Viewer(figure);
  viewer.picture.addEventListener("load", () => viewer.draw());
  window.addEventListener("resize", () => viewer.draw());
}
