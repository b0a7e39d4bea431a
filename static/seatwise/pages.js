// What the pages add to their links and forms: nothing here is needed to work with them.
(() => {
  "use strict";
  // A fragment's answer may be an error page: it is shown whole instead of nothing happening.
  document.addEventListener("htmx:responseError", (event) => {
    window.location.assign(event.detail.xhr.responseURL || window.location.href);
  });
  // A target inside closed <details> opens it, so that a link to a term shows the term.
  const reveal = () => {
    const target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
    const details = target && target.closest("details");
    if (details) details.open = true;
  };
  window.addEventListener("hashchange", reveal);
  document.addEventListener("DOMContentLoaded", reveal);
})();
