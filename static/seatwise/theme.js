// Sets the colours before the first paint: as chosen, else as the system has them.
(() => {
  "use strict";
  const KEY = "seatwise-theme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto";
    }
  };
  const apply = () => {
    const theme = chosen();
    document.documentElement.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    for (const button of document.querySelectorAll("[data-sw-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.swTheme === theme));
    }
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sw-theme]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.swTheme);
    } catch {
      return;
    }
    apply();
  });
})();
