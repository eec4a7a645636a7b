// The chat on a shop's own page: a button, and behind it our page in a frame.
// <script src="https://complaints.example/chat-widget.js" data-lang="zh-hans" async></script>
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.getElementById("redress-chat")) return;
  const words = __WORDS__;
  const lang = (script.dataset.lang || document.documentElement.lang || "zh").startsWith("en") ? "en" : "zh-hans";
  const home = new URL(script.src).origin;
  const colour = /^#[0-9a-f]{6}$/i.test(script.dataset.colour || "") ? script.dataset.colour : "#0b5c7a";
  const address = `${home}/chat/?${new URLSearchParams({ site: location.origin, lang })}`;

  const box = document.createElement("div");
  box.id = "redress-chat";
  Object.assign(box.style, { position: "fixed", right: "16px", bottom: "16px", zIndex: "2147483000" });

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words[lang].open;
  button.setAttribute("aria-expanded", "false");
  Object.assign(button.style, {
    minHeight: "48px", padding: "0 20px", border: "2px solid #fff", borderRadius: "24px", cursor: "pointer",
    background: colour, color: "#fff", font: "600 16px/1.2 system-ui, sans-serif",
    boxShadow: "0 4px 16px rgba(0,0,0,.25)", display: "block", marginLeft: "auto",
  });

  let frame = null;

  function size() {
    if (!frame) return;
    const phone = window.innerWidth < 480;
    Object.assign(frame.style, {
      width: phone ? `${window.innerWidth - 16}px` : "390px",
      height: `${Math.min(640, window.innerHeight - 96)}px`,
      marginRight: phone ? "-8px" : "0",
    });
  }

  function show(open) {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.src = address;
      frame.title = words[lang].open;
      Object.assign(frame.style, {
        border: "1px solid rgba(0,0,0,.2)", borderRadius: "12px", background: "#fff", display: "block",
        marginBottom: "10px", boxShadow: "0 8px 32px rgba(0,0,0,.28)", colorScheme: "light dark",
      });
      box.insertBefore(frame, button);
      size();
    }
    if (frame) frame.style.display = open ? "block" : "none";
    button.textContent = open ? words[lang].close : words[lang].open;
    button.setAttribute("aria-expanded", String(open));
    if (open) frame.focus();
  }

  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") show(false);
  });
  window.addEventListener("resize", size);
  box.append(button);
  const place = () => document.body.append(box);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
