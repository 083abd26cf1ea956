// What the page for integrators does beyond links: its tabs change without asking for the page again, by mouse and by
// keyboard, and the language that was chosen last is chosen again. Without this the tabs are links.
(() => {
  "use strict";

  for (const list of document.querySelectorAll("[data-tabs]")) {
    const tabs = [...list.querySelectorAll("[role=tab]")];
    const kept = document.querySelector("[data-tab-kept]");
    const choose = (tab, focus) => {
      for (const t of tabs) {
        const on = t === tab;
        t.setAttribute("aria-selected", String(on));
        t.tabIndex = on ? 0 : -1;
        document.getElementById(t.getAttribute("aria-controls")).hidden = !on;
      }
      if (kept) kept.value = tab.dataset.tab;
      if (focus) tab.focus();
    };
    const remember = (tab) => {
      localStorage.setItem(list.dataset.tabs, tab.dataset.tab);
      history.replaceState(history.state, "", tab.href);
    };

    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(tab, true);
      remember(tab);
    });
    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = {
        ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1, " ": at,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(tabs[to], true);
      remember(tabs[to]);
    });

    const last = localStorage.getItem(list.dataset.tabs);
    const asked = new URLSearchParams(location.search).get("in");
    choose(tabs.find((t) => t.dataset.tab === (asked || last)) || tabs.find((t) => t.getAttribute("aria-selected") === "true") || tabs[0], false);
  }
})();
