// What the pages do beyond htmx. Everything here helps; nothing needs it: without scripts each page still works.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (el) => el.matches("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]");

  // ---------- Copying ----------

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = $("span", button);
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      copyBySelection(button.dataset.copy);
    }
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  });

  // Browsers keep their clipboard to pages that were reached over TLS or from this machine.
  function copyBySelection(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  // ---------- Menus that open and close ----------

  document.addEventListener("click", (event) => {
    const menu = event.target.closest(".k-menu");
    if (menu) {
      const open = menu.getAttribute("aria-expanded") !== "true";
      menu.setAttribute("aria-expanded", String(open));
      document.getElementById(menu.getAttribute("aria-controls")).classList.toggle("k-open-fold", open);
    }
    for (const details of $$("details[open]:not([data-stay])")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });

  // ---------- Keys ----------

  const keysWanted = () => localStorage.getItem("kontor-keys") !== "off";
  let afterG = 0;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return escape(event);
    if (event.key === "Enter" && event.ctrlKey && licenseForm) return licenseForm.requestSubmit();
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && $("[data-edit-form]")) {
      event.preventDefault();
      return $("[data-edit-form]").requestSubmit();
    }
    const busy = typing(event.target) || $("dialog[open]") || $(".modal");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !keysWanted()) return;
    const key = event.key.toLowerCase();
    if (Date.now() - afterG < 1500) {
      afterG = 0;
      const target = { h: "home", l: "licenses", o: "orders", c: "customers", t: "machine" }[key];
      if (target) return go(target, event);
    }
    if (key === "g") afterG = Date.now();
    else if (key === "n") go("new", event);
    else if (key === "/") focusFind(event);
    else if (key === "?") openKeys(event);
  });

  function go(name, event) {
    event.preventDefault();
    const link = $(`[data-go="${name}"]`);
    if (link) link.click();
    else if (name === "new") location.href = $('[data-go="licenses"]').href + "/choose";
  }

  function focusFind(event) {
    event.preventDefault();
    const field = $("[data-find]") || $("[data-filter]") || $("#find");
    const fold = field.closest(".k-fold");
    if (fold && !fold.classList.contains("k-open-fold")) $(".k-menu").click();
    field.focus();
    field.select();
  }

  function openKeys(event) {
    event?.preventDefault();
    const dialog = $("#keys");
    $("[data-keys-on]", dialog).checked = keysWanted();
    dialog.showModal();
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) openKeys(event); });
  $("[data-keys-on]")?.addEventListener("change", (event) => {
    localStorage.setItem("kontor-keys", event.target.checked ? "on" : "off");
  });

  // Esc closes what is open; from a dialog that is a page it leads back.
  function escape(event) {
    const dialog = $("[data-escape]");
    if (dialog) {
      event.preventDefault();
      location.href = dialog.dataset.escape;
      return;
    }
    for (const details of $$("details[open]:not([data-stay])")) {
      details.open = false;
      $("summary", details).focus();
    }
  }

  // A dialog keeps the focus inside. What is behind it is inert, so only the browser's own controls are beside it.
  const modal = $(".modal");
  if (modal) ($("[autofocus]", modal) || modal).focus();

  // ---------- Forms ----------

  // After a second the pressed button says that it is at work. A form that is sent twice is carried out once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.busy || event.defaultPrevented) return;
    setTimeout(() => {
      const id = form.id;
      for (const button of $$("[data-submit]")) {
        if (button.form === form || (id && button.getAttribute("form") === id)) button.textContent = form.dataset.busy;
      }
    }, 1000);
  });

  // A page that comes back from the browser's memory is asked for anew: what it shows may have happened since.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // What is wrong gets the focus.
  ($("[data-focus]") || $(".modal [aria-invalid]"))?.focus();

  // A link of the summary leads into the field, also where the field is a group of choices or not shown yet.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".k-errlist a");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    if (target.closest(".k-customer-fields")) $("[data-customer]").dataset.customer = "new";
    (target.matches("fieldset") ? $("input", target) || target : target).focus();
    target.scrollIntoView({ block: "center" });
  });

  for (const form of $$("[data-submit-on-change]")) {
    form.addEventListener("change", (event) => { if (event.target.matches("[type=radio], select")) form.requestSubmit(); });
  }

  // Enter in a field does not create a license by the way: Ctrl Enter does, or the button.
  const licenseForm = $("[data-license-form]");
  for (const kind of licenseForm ? ["keydown", "keypress"] : []) {
    licenseForm.addEventListener(kind, (event) => {
      if (event.key === "Enter" && !event.ctrlKey && event.target.matches("input, select")) event.preventDefault();
    });
  }

  // ---------- Values checked while one types; the server decides ----------

  const checks = {
    number(value, { min, max, step }) {
      if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value)) return false;
      const n = Number(value);
      if (min !== "" && n < Number(min)) return false;
      if (max !== "" && n > Number(max)) return false;
      const steps = (n - Number(min || 0)) / Number(step);
      return !step || Math.abs(steps - Math.round(steps)) < 1e-9;
    },
    date: (value, _, field) => (!field.min || value >= field.min) && (!field.max || value <= field.max),
    text: (value, { max }) => [...value].length <= Number(max),
  };

  // A ticket stands in no address: a search for a whole one is cut to the form that lists show.
  document.addEventListener("input", (event) => {
    const ticket = event.target.matches?.("[data-find]") && event.target.value.toUpperCase().replace(/[\s-]/g, "");
    if (ticket && /^[2-9A-HJ-NP-Z]{25}$/.test(ticket)) event.target.value = `${ticket.slice(0, 5)}-${ticket.slice(5, 10)}…`;
  }, true);

  document.addEventListener("input", (event) => {
    const field = event.target;
    const check = checks[field.dataset?.check];
    if (!check) return;
    const value = field.value.trim();
    mark(field, value === "" || check(value, field.dataset, field) ? "" : field.dataset.wrong);
  });

  // The bill brings along which end dates the start has that is chosen. What was typed stays, and so does the focus.
  document.addEventListener("htmx:afterSettle", () => {
    const brought = $("#quote [data-limits]");
    const field = brought && document.getElementById(brought.dataset.limits);
    if (!field) return;
    const row = field.closest(".k-field");
    let hint = $(".k-hint", row);
    if (!hint) { // what is wrong stands in its place
      hint = document.createElement("p");
      hint.className = "k-hint";
      hint.id = field.id + "-h";
      hint.hidden = true;
      row.append(hint);
    }
    hint.textContent = brought.dataset.hint;
    const { min, max, wrong } = brought.dataset;
    if (field.min === min && field.max === max) return;
    field.min = min;
    field.max = max;
    field.dataset.wrong = wrong;
    mark(field, field.value === "" || checks.date(field.value, field.dataset, field) ? "" : wrong);
  });

  // The hint and what is wrong stand in the same place; the hint comes back when all is well.
  function mark(field, wrong) {
    const row = field.closest(".k-field");
    const hint = $(".k-hint", row);
    let error = $(".k-err", row);
    field.classList.toggle("is-invalid", wrong !== "");
    if (wrong === "") {
      error?.remove();
      field.removeAttribute("aria-invalid");
      if (hint) hint.hidden = false;
      hint ? field.setAttribute("aria-describedby", hint.id) : field.removeAttribute("aria-describedby");
      return;
    }
    if (!error) {
      error = document.createElement("p");
      error.className = "k-err";
      error.id = field.id + "-e";
      error.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-alert-circle"></use></svg><span></span>';
      field.after(error);
    }
    $("span", error).textContent = wrong;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", error.id);
    if (hint) hint.hidden = true;
  }

  // ---------- Lists: arrows move, Space chooses, Shift extends, Enter opens, Esc chooses none ----------

  const lists = {
    boxes: () => $$('[data-list] tbody input[name="id"]'),
    rows: () => $$("[data-list] tbody tr"),
    last: null, // the box that Shift extends from
  };

  // sum writes into the bar how many are chosen and what they are worth: seats, and money by currency.
  lists.sum = () => {
    const bar = $("[data-list] .k-bulk");
    if (!bar) return;
    const chosen = lists.boxes().filter((box) => box.checked);
    const all = $("[data-choose-all]");
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === lists.boxes().length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
    let seats = 0;
    const money = new Map();
    for (const box of chosen) {
      seats += Number((box.dataset.seats || "0").replaceAll(",", ""));
      const [minor, currency] = (box.dataset.yearly || "").split(" ");
      if (currency) money.set(currency, (money.get(currency) || 0) + Number(minor));
    }
    const figure = (minor) => (minor / 100).toLocaleString("en", { minimumFractionDigits: 2 });
    const worth = [...money].map(([currency, minor]) => bar.dataset.yearly.replace("#", `${figure(minor)} ${currency}`));
    if (seats > 0) worth.unshift(bar.dataset.seats.replace("#", seats.toLocaleString("en")));
    $("[data-bulk-count]", bar).textContent = bar.dataset.chosen.replace("#", chosen.length);
    $("[data-bulk-worth]", bar).textContent = worth.join(", ");
  };

  lists.choose = (box, checked, extend) => {
    const all = lists.boxes();
    const from = extend && lists.last ? all.indexOf(lists.last) : all.indexOf(box);
    const to = all.indexOf(box);
    for (let i = Math.min(from, to); i <= Math.max(from, to); i++) if (i >= 0) all[i].checked = checked;
    lists.last = box;
    lists.sum();
  };

  lists.none = () => {
    for (const box of lists.boxes()) box.checked = false;
    lists.sum();
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches('[data-list] tbody input[name="id"]')) lists.choose(event.target, event.target.checked, event.shiftKey);
    else if (event.target.matches("[data-choose-all]")) {
      for (const box of lists.boxes()) box.checked = event.target.checked;
      lists.sum();
    } else if (event.target.closest("[data-bulk-none]")) setTimeout(lists.sum);
  });
  document.addEventListener("htmx:afterSettle", lists.sum);
  window.addEventListener("pageshow", lists.sum); // after going back the browser chooses again what was chosen

  document.addEventListener("keydown", (event) => {
    const list = $("[data-list]");
    const busy = typing(event.target) || event.target.closest("details, dialog, .modal, nav") || event.ctrlKey || event.metaKey || event.altKey;
    if (!list || (busy && !(event.key === "ArrowDown" && event.target.matches("[data-find]")))) return;
    const rows = lists.rows();
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const box = here >= 0 && $('input[name="id"]', rows[here]);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const to = rows[Math.max(0, Math.min(rows.length - 1, here + (event.key === "ArrowDown" ? 1 : -1)))];
      if (!to) return;
      $("[data-row]", to).focus();
      const next = $('input[name="id"]', to);
      if (event.shiftKey && next) {
        if (box && !box.checked) lists.choose(box, true, false);
        lists.choose(next, true, false);
      }
    } else if (event.key === " " && box && !event.target.matches("input, button")) {
      event.preventDefault();
      lists.choose(box, !box.checked, event.shiftKey);
    } else if (event.key === "Escape" && lists.boxes().some((b) => b.checked)) {
      lists.none();
    }
  });

  // ---------- Choosing a product: filter, arrows, Enter ----------

  const offers = $("[data-offers]");
  if (offers) {
    const filter = $("[data-filter]", offers);
    const fold = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
    const rows = () => $$("[data-filter-text]", offers).filter((row) => !row.hidden);

    filter.addEventListener("input", () => {
      const wanted = fold(filter.value.trim());
      for (const row of $$("[data-filter-text]", offers)) row.hidden = !fold(row.dataset.filterText).includes(wanted);
      for (const group of $$("[data-filter-group]", offers)) group.hidden = !$("[data-filter-text]:not([hidden])", group);
      $("[data-filter-none]", offers).hidden = rows().length > 0;
    });

    offers.addEventListener("keydown", (event) => {
      const links = rows().map((row) => $("a, button", row));
      const here = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const to = here + (event.key === "ArrowDown" ? 1 : -1);
        (to < 0 ? filter : links[Math.min(to, links.length - 1)])?.focus();
      } else if (event.key === "Enter" && document.activeElement === filter && links.length > 0) {
        event.preventDefault();
        links[0].click();
      }
    });
  }

  // ---------- The customer: find one, or begin a new one ----------

  const part = $("[data-customer]");
  if (part) {
    const search = $("#customer");
    const list = $("#customer-list");
    const fields = ["name", "company", "number", "email", "country"];
    const field = (name) => $(`[name="customer.${name}"]`, part);
    const options = () => $$("[role=option]", list);

    const close = () => {
      list.hidden = true;
      search.setAttribute("aria-expanded", "false");
      search.removeAttribute("aria-activedescendant");
    };
    const select = (option) => {
      for (const o of options()) o.setAttribute("aria-selected", String(o === option));
      search.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const show = (mode) => { part.dataset.customer = mode; };
    const changed = () => part.dispatchEvent(new Event("change", { bubbles: true }));

    const choose = (option) => {
      close();
      if (option.dataset.new !== undefined) {
        for (const name of fields) field(name).value = "";
        field("name").value = search.value.trim();
        show("new");
        field("name").focus();
      } else {
        for (const name of fields) field(name).value = option.dataset[name] || "";
        $("[data-customer-name]", part).textContent = option.dataset.title;
        $("[data-customer-line]", part).textContent = option.dataset.line;
        show("known");
        $("[data-customer-change]", part).focus();
      }
      changed();
    };
    const searchAgain = () => {
      for (const name of fields) field(name).value = "";
      show("search");
      search.value = "";
      search.focus();
      changed();
    };

    list.addEventListener("htmx:afterSwap", () => {
      if (document.activeElement !== search) return;
      list.hidden = false;
      search.setAttribute("aria-expanded", "true");
      select(options()[0]);
    });
    search.addEventListener("keydown", (event) => {
      const all = options();
      const here = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
      if (event.key === "Enter" && !event.ctrlKey) {
        event.preventDefault();
        if (!list.hidden && here >= 0) choose(all[here]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        select(all[(here + step + all.length) % all.length]);
      }
    });
    search.addEventListener("blur", close);
    // The list must not take the focus away before the click arrives.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    $("[data-customer-change]", part).addEventListener("click", searchAgain);
    $("[data-customer-back]", part).addEventListener("click", searchAgain);
  }
})();
