// The languages of the examples, as tabs: one is shown without asking the server, arrows lead from one to the next by the
// keyboard, and the language that was chosen last is chosen again. Without this the tabs are links.
(() => {
  "use strict";

  const tabsOf = (list) => [...list.querySelectorAll("[role=tab]")];

  const choose = (list, tab, focus) => {
    for (const t of tabsOf(list)) {
      const on = t === tab;
      t.setAttribute("aria-selected", String(on));
      t.tabIndex = on ? 0 : -1;
      document.getElementById(t.getAttribute("aria-controls")).hidden = !on;
    }
    const kept = document.querySelector("[data-tab-kept]");
    if (kept) kept.value = tab.dataset.tab;
    if (focus) tab.focus();
  };

  const remember = (list, tab) => {
    localStorage.setItem(list.dataset.tabs, tab.dataset.tab);
    history.replaceState(history.state, "", tab.href);
  };

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tabs] [role=tab]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const list = tab.closest("[data-tabs]");
    choose(list, tab, true);
    remember(list, tab);
  });

  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.("[data-tabs]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
    const tabs = tabsOf(list);
    const at = tabs.indexOf(document.activeElement);
    const to = {
      ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1, " ": at,
    }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(list, tabs[to], true);
    remember(list, tabs[to]);
  });

  const begin = () => {
    for (const list of document.querySelectorAll("[data-tabs]")) {
      const tabs = tabsOf(list);
      const last = localStorage.getItem(list.dataset.tabs);
      const asked = new URLSearchParams(location.search).get("in");
      choose(list, tabs.find((t) => t.dataset.tab === (asked || last)) || tabs.find((t) => t.getAttribute("aria-selected") === "true") || tabs[0], false);
    }
  };
  begin();
  document.addEventListener("htmx:afterSettle", begin); // after another operation was chosen
})();
