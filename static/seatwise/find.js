// The command menu: opened by "/" or Ctrl-K, used by keyboard alone. What it finds comes from /find/, which is also a page.
(() => {
  "use strict";
  const KEY = "seatwise-slash";
  const dialog = document.getElementById("find");
  if (!dialog || !dialog.showModal) return;
  const input = dialog.querySelector("input[role=combobox]");
  const list = document.getElementById("find-list");
  const said = document.getElementById("find-said");
  const slash = dialog.querySelector("[data-sw-slash]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    input.value = "";
    input.dispatchEvent(new Event("sw-find"));
  };
  const writes = (element) => element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  // A key alone can be in somebody's way, such as of whoever speaks to the computer: it can be switched off.
  try {
    slash.checked = localStorage.getItem(KEY) !== "off";
    slash.addEventListener("change", () => localStorage.setItem(KEY, slash.checked ? "on" : "off"));
  } catch {
    slash.closest("label").hidden = true;
  }
  document.addEventListener("keydown", (event) => {
    const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    const plain = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && slash.checked && !writes(event.target);
    if (!control && !plain) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sw-find]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open();
    } else if (event.target === dialog || event.target.closest("[data-sw-close]")) dialog.close();
  });
  input.addEventListener("keydown", (event) => {
    const every = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && every.length) {
      event.preventDefault();
      choose(every[(every.indexOf(active()) + step + every.length) % every.length]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (active()) active().click();
    }
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== active()) choose(option);
  });
  list.addEventListener("htmx:afterSwap", () => {
    const every = options();
    input.setAttribute("aria-expanded", String(every.length > 0));
    choose(every[0]);
    said.textContent = list.firstElementChild ? list.firstElementChild.dataset.said : "";
    list.classList.toggle("sw-find-none", every.length === 0);
    list.dataset.said = said.textContent;
  });
})();
