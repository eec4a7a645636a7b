// A drawn signature: pointer strokes on a canvas, kept as SVG path data in a 600 x 200 box.

const BOX = { width: 600, height: 200 };

function pathData(strokes) {
  const place = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return strokes.map((points) => `M${points.map(place).join("L")}`).join("");
}

// What was drawn before the page came back with a question, from the same path data.
function strokesOf(path) {
  return path
    .split("M")
    .filter(Boolean)
    .map((stroke) => stroke.split("L").map((point) => point.split(" ").map(Number)));
}

// A finger may leave the box: what lies outside is drawn on its edge.
function within(value, most) {
  return Math.min(Math.max(value, 0), most);
}

function draw(canvas, strokes) {
  const ratio = window.devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale((width * ratio) / BOX.width, (height * ratio) / BOX.height);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  for (const points of strokes) {
    pen.beginPath();
    pen.moveTo(...points[0]);
    for (const point of points.slice(1)) pen.lineTo(...point);
    if (points.length === 1) pen.lineTo(points[0][0] + 0.1, points[0][1]);
    pen.stroke();
  }
}

function start(block) {
  const pad = block.querySelector("[data-sign-pad]");
  const canvas = block.querySelector("canvas");
  const value = block.querySelector("[data-sign-value]");
  let strokes = strokesOf(value.value);
  let drawing = false;
  pad.hidden = false;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      within(((event.clientX - box.left) / box.width) * BOX.width, BOX.width),
      within(((event.clientY - box.top) / box.height) * BOX.height, BOX.height),
    ];
  };
  const keep = () => {
    value.value = pathData(strokes);
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    strokes.push([place(event)]);
    draw(canvas, strokes);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) strokes.at(-1).push(place(step));
    draw(canvas, strokes);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!drawing) return;
      drawing = false;
      keep();
    });
  }
  block.querySelector("[data-sign-clear]").addEventListener("click", () => {
    strokes = [];
    draw(canvas, strokes);
    keep();
  });
  new ResizeObserver(() => draw(canvas, strokes)).observe(canvas);
}

document.querySelectorAll("[data-sign]").forEach(start);
