// Runs before the page is drawn: the theme is set without a flash, and what only works with scripts may show itself.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = root.dataset.look || (system.matches ? "dark" : "light");
    root.setAttribute("data-bs-theme", theme);
  };
  root.classList.add("js");
  apply();
  system.addEventListener("change", apply);
})();
