// Shows the page anew when there is something new on it: a document, a mail, the switch. What was opened stays open,
// and the focus stays where it was.
"use strict";

async function look() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const now = document.querySelector("main");
  if (!next || next.dataset.state === now.dataset.state) return;
  for (const open of now.querySelectorAll("details[open]")) {
    next.querySelector("#" + CSS.escape(open.id))?.setAttribute("open", "");
  }
  const focus = document.activeElement.closest("[id]")?.id;
  now.replaceWith(next);
  const again = focus && document.getElementById(focus);
  if (again) (again.querySelector("summary") ?? again).focus();
}

setInterval(() => { if (!document.hidden) look().catch(() => {}); }, 2000);
