// What charts add where scripts run: values under the pointer or the focus, and the arrow keys. Without it links and tables do.
(() => {
  "use strict";
  let tip = null;
  const hide = () => { if (tip) { tip.remove(); tip = null; } };
  const show = (slot) => {
    hide();
    const figure = slot.closest("[data-chart]");
    if (!figure) return;
    tip = document.createElement("div");
    tip.className = "sw-tip";
    tip.setAttribute("aria-hidden", "true");
    tip.textContent = slot.getAttribute("data-tip");
    figure.append(tip);
    const box = slot.getBoundingClientRect();
    const around = figure.getBoundingClientRect();
    const left = box.left + box.width / 2 - around.left - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(0, Math.min(left, around.width - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, box.top - around.top - 8)}px`;
  };
  const slotOf = (event) => (event.target instanceof Element ? event.target.closest("[data-tip]") : null);
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const slot = slotOf(event);
      if (slot) show(slot); else if (kind === "pointerover") hide();
    });
  }
  document.addEventListener("focusout", hide);
  // One stop for the tabulator in each chart; from there the arrows lead from day to day.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const slot = slotOf(event);
    if (!slot) return;
    const chart = slot.closest("svg");
    if (!chart) return;
    const slots = [...chart.querySelectorAll("[data-tip]")];
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -slots.length, End: slots.length };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = slots[Math.max(0, Math.min(slots.length - 1, slots.indexOf(slot) + steps[event.key]))];
    slot.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  document.addEventListener("htmx:beforeSwap", hide);
})();
