// What the pages add to their links and forms: nothing here is needed to work with them.
(() => {
  "use strict";
  // A fragment's answer may be an error page: it is shown whole instead of nothing happening.
  document.addEventListener("htmx:responseError", (event) => {
    window.location.assign(event.detail.xhr.responseURL || window.location.href);
  });
  // Whoever is signed out meanwhile comes to the door, and from there back to this page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = event.detail.xhr.responseURL;
    if (!answered || !new URL(answered).pathname.startsWith("/account/")) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });
  // No answer at all: it is told, and what is shown stays.
  document.addEventListener("htmx:sendError", () => {
    const messages = document.getElementById("messages");
    const told = document.createElement("div");
    told.className = "alert alert-danger";
    told.textContent = messages.dataset.unreached;
    messages.replaceChildren(told);
    messages.scrollIntoView({ block: "nearest" });
  });
  // What is being fetched is announced as such.
  for (const [name, busy] of [["htmx:beforeRequest", "true"], ["htmx:afterRequest", "false"]]) {
    document.addEventListener(name, (event) => {
      if (event.detail.target && event.detail.target.id === "results") event.detail.target.setAttribute("aria-busy", busy);
    });
  }
  // What was left empty in a filter says nothing, and is kept out of the address: by htmx, and by the browser itself.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    const asked = event.detail.formData;
    for (const name of new Set(asked.keys())) if (asked.getAll(name).every((value) => value === "")) asked.delete(name);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get" || event.target.hasAttribute("hx-get")) return;
    const empty = [...event.target.elements].filter((field) => field.name && !field.disabled && field.value === "");
    for (const field of empty) field.disabled = true;
    setTimeout(() => { for (const field of empty) field.disabled = false; });
  });
  // A target inside closed <details> opens it, so that a link to a term shows the term.
  const reveal = () => {
    const target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
    const details = target && target.closest("details");
    if (details) details.open = true;
  };
  // A menu closes on Escape, and when one goes on elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.sw-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.sw-menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  window.addEventListener("hashchange", reveal);
  document.addEventListener("DOMContentLoaded", reveal);
  // Files that are too many bytes are told so before they are sent; what is being sent says that it is.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.mostBytes) return;
    const files = [...form.querySelector("input[type=file]").files];
    const complaint = form.querySelector("[data-complaint]");
    const tooLarge = files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.mostBytes);
    complaint.hidden = !tooLarge;
    if (tooLarge) {
      complaint.textContent = form.dataset.tooLarge;
      event.preventDefault();
      return;
    }
    const button = form.querySelector("[data-sending]");
    button.textContent = button.dataset.sending;
    button.disabled = true;
  });
})();
