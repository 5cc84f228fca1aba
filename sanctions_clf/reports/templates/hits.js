"use strict";
const form = document.querySelector("form.filters");
if (form) {
  const hits = [...document.querySelectorAll("article.hit")];
  const selects = [...form.querySelectorAll("select")];
  const valuesOf = (hit, select) => hit.dataset[select.name].split(" ");
  const passes = (hit, select) => !select.value || valuesOf(hit, select).includes(select.value);

  // The number beside a choice is of what it would show with the other filters as they are.
  const countChoices = (select) => {
    const others = selects.filter((other) => other !== select);
    const counts = new Map();
    for (const hit of hits) {
      if (!others.every((other) => passes(hit, other))) continue;
      for (const value of valuesOf(hit, select)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const option of select.options) {
      if (!option.value) continue;
      const count = counts.get(option.value) ?? 0;
      option.textContent = `${option.dataset.label} (${count})`;
      option.disabled = count === 0 && !option.selected;
    }
  };

  const update = () => {
    for (const hit of hits) hit.hidden = !selects.every((select) => passes(hit, select));
    selects.forEach(countChoices);
    const shown = hits.filter((hit) => !hit.hidden).length;
    document.getElementById("shown").textContent = `${shown} of ${hits.length} stories shown`;
  };

  form.addEventListener("input", update);
  form.hidden = false;
  update();
}
