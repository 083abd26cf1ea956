// What admins' pages do beyond htmx: the tree of groups, rows put in order, the matrix of grants. Everything here helps;
// nothing needs it: without scripts each page still works.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---------- The tree of groups: open and close, search, drag to move ----------

  const tree = $("[data-tree]");
  if (tree) {
    const fold = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
    const branches = $$("li", tree);
    const kept = "kontor-tree-closed";
    const closed = new Set(JSON.parse(localStorage.getItem(kept) || "[]"));
    const toggleOf = (branch) => $(":scope > .k-branch > [aria-expanded]", branch);
    const open = (branch, is) => {
      const toggle = toggleOf(branch);
      if (!toggle) return;
      toggle.setAttribute("aria-expanded", String(is));
      $(":scope > ul", branch).hidden = !is;
    };
    for (const branch of branches) {
      const here = $("[aria-current]", branch);
      open(branch, Boolean(here) || !closed.has(branch.dataset.code));
    }

    tree.addEventListener("click", (event) => {
      const toggle = event.target.closest("[aria-expanded]");
      if (!toggle) return;
      const branch = toggle.closest("li");
      const is = toggle.getAttribute("aria-expanded") !== "true";
      open(branch, is);
      is ? closed.delete(branch.dataset.code) : closed.add(branch.dataset.code);
      localStorage.setItem(kept, JSON.stringify([...closed]));
    });

    // What is searched for is shown with the way to it; the rest of the tree steps back.
    const filter = $("[data-tree-filter]");
    filter?.addEventListener("input", () => {
      const wanted = fold(filter.value.trim());
      const found = branches.filter((branch) => fold(branch.dataset.text).includes(wanted));
      const shown = new Set();
      for (const branch of found) for (let b = branch; b; b = b.parentElement.closest("[data-tree] li")) shown.add(b);
      for (const branch of branches) {
        branch.hidden = !shown.has(branch);
        open(branch, wanted !== "" || !closed.has(branch.dataset.code));
      }
      $("[data-tree-none]").hidden = found.length > 0;
    });

    // Arrows walk through what can be seen, and open and close as in any tree.
    (tree.closest("[data-tree-box]") || tree).addEventListener("keydown", (event) => {
      const links = $$("a", tree).filter((a) => a.checkVisibility());
      const at = links.indexOf(document.activeElement);
      const toggle = document.activeElement.closest("li") && toggleOf(document.activeElement.closest("li"));
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const to = at + (event.key === "ArrowDown" ? 1 : -1);
        event.preventDefault();
        (to < 0 ? filter : links[Math.min(to, links.length - 1)])?.focus();
      } else if (at >= 0 && (event.key === "ArrowRight" || event.key === "ArrowLeft") && toggle) {
        const wants = event.key === "ArrowRight";
        if ((toggle.getAttribute("aria-expanded") === "true") !== wants) { event.preventDefault(); toggle.click(); }
      }
    });

    // Dropping a group on another one asks first: it leads to the same question as the button that moves it.
    let dragged = null;
    const over = (event) => event.target.closest?.("[data-tree] .k-branch");
    const mayDrop = (row) => dragged && row && !dragged.contains(row) && row.closest("li") !== dragged.parentElement.closest("li");
    tree.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("li[data-move]");
      if (!dragged) return event.preventDefault();
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.code);
    });
    const light = (row) => { for (const r of $$(".k-drop-here", tree)) r.classList.remove("k-drop-here"); row?.classList.add("k-drop-here"); };
    tree.addEventListener("dragover", (event) => {
      const row = over(event);
      if (!mayDrop(row)) return light(null);
      event.preventDefault();
      light(row);
    });
    tree.addEventListener("dragend", () => { dragged = null; light(null); });
    tree.addEventListener("drop", (event) => {
      const row = over(event);
      if (!mayDrop(row)) return;
      event.preventDefault();
      location.href = `${dragged.dataset.move}?to=${encodeURIComponent(row.closest("li").dataset.code)}`;
    });
  }

  // A color is picked or typed; either writes the other.
  for (const picker of $$("[data-color-of]")) {
    const text = document.getElementById(picker.dataset.colorOf);
    picker.addEventListener("input", () => { text.value = picker.value; });
    text.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value; });
  }

  // ---------- Rows that are put in order: dragged by their grip; the buttons beside it do the same ----------

  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.("[data-grip]")?.closest("[data-row]");
    if (!row) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(row, 0, 0);
    row.classList.add("k-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest?.("[data-row]");
    if (!row || row === dragged || row.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    event.clientY < top + height / 2 ? row.before(dragged) : row.after(dragged);
  });
  document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("k-dragged");
    dragged.dispatchEvent(new Event("change", { bubbles: true }));
    const form = dragged.closest("[data-order-form]");
    if (form) {
      const button = $(".k-move", dragged);
      button.value = `${dragged.dataset.row}>${dragged.nextElementSibling?.dataset.row ?? ""}`;
      button.disabled = false;
      form.requestSubmit(button);
    }
    dragged = null;
  });

  // When the row is gone whose button had the focus, it goes to what comes next.
  document.addEventListener("htmx:afterSettle", (event) => {
    const rows = event.detail.target;
    if (document.activeElement === document.body && rows?.matches?.(".k-if-flexible")) {
      ($(".k-bare:placeholder-shown", rows) || $("button", rows))?.focus();
    }
  });
  // ---------- Grants: the matrix is a grid, of which one cell is in the order of Tab ----------

  const gridCells = (grid) => $$("tbody tr", grid).filter((row) => row.offsetParent).map((row) => $$("a.k-cell", row)).filter((row) => row.length > 0);

  function oneTabStop() {
    for (const grid of $$("[data-grid]")) {
      const cells = gridCells(grid).flat();
      const stop = cells.find((cell) => cell.hasAttribute("aria-current")) || cells[0];
      for (const cell of cells) cell.tabIndex = cell === stop ? 0 : -1;
    }
  }
  oneTabStop();
  document.addEventListener("htmx:afterSwap", oneTabStop);

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("[data-grid] a.k-cell");
    if (!cell || event.ctrlKey && !["Home", "End"].includes(event.key) || event.metaKey || event.altKey) return;
    const rows = gridCells(cell.closest("[data-grid]"));
    const y = rows.findIndex((row) => row.includes(cell));
    const x = rows[y].indexOf(cell);
    const last = rows.length - 1;
    const to = {
      ArrowLeft: () => rows[y][x - 1],
      ArrowRight: () => rows[y][x + 1],
      ArrowUp: () => rows[y - 1]?.[x],
      ArrowDown: () => rows[y + 1]?.[x],
      Home: () => (event.ctrlKey ? rows[0] : rows[y])[0],
      End: () => (event.ctrlKey ? rows[last] : rows[y]).at(-1),
      " ": () => { cell.click(); return null; },
    }[event.key];
    if (!to) return;
    event.preventDefault();
    const next = to();
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // The panel that a cell has opened gets the focus; Esc leads back to the cell.
  let openedBy = null;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig?.target?.id !== "panel") return;
    openedBy = event.detail.requestConfig.elt;
    for (const cell of $$("[data-grid] a.k-cell")) {
      cell.classList.toggle("k-cell-on", cell === openedBy);
      cell === openedBy ? cell.setAttribute("aria-current", "true") : cell.removeAttribute("aria-current");
    }
    oneTabStop();
    const panel = $("#panel");
    const beside = matchMedia("(min-width: 992px)").matches;
    $("[data-panel-title]", panel)?.focus({ preventScroll: true });
    if (!beside) panel.scrollIntoView({ block: "start" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest?.("#panel")) return;
    (openedBy?.isConnected ? openedBy : $("[data-grid] [aria-current]"))?.focus();
  });

  // Rows of a group open and close.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.closest("tbody").classList.toggle("k-folded", !open);
    oneTabStop();
  });

  // A question that is put together of choices is asked anew with each.
  for (const form of $$("[data-ask]")) form.addEventListener("change", () => form.requestSubmit());

  // A list is narrowed while one types.
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-narrow]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const row of $$("[data-narrow-text]")) row.hidden = !row.dataset.narrowText.toLowerCase().includes(wanted);
  });
})();
