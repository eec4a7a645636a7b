// The bar under the plans repeats what was chosen.

function update() {
  const bar = document.querySelector("[data-plan-bar]");
  const chosen = document.querySelector("[data-plan-title]:checked");
  if (!bar || !chosen) return;
  bar.querySelector("[data-plan-words]").textContent = bar.dataset.chosen
    .replace("{title}", chosen.dataset.planTitle)
    .replace("{total}", chosen.dataset.planTotal);
}

document.addEventListener("change", update);
update();
