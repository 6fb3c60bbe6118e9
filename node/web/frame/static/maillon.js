/* What a script adds to pages that work without one: copying a link, the countdown of a session. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.copied;
    });
  }
})();
(() => {
  "use strict";
  const bar = document.querySelector("[data-session-ends]");
  if (!bar) return;
  const warnBefore = Number(bar.dataset.warnSeconds) * 1000;
  // The server's clock and this one may differ: only durations are compared.
  const ends = Date.now() + Number(bar.dataset.secondsLeft) * 1000;
  const text = bar.querySelector("[data-session-text]");
  const template = bar.dataset.sessionTemplate;
  let said = "";
  const tick = () => {
    const left = ends - Date.now();
    if (left > warnBefore) {
      setTimeout(tick, Math.min(left - warnBefore, 3600000));
      return;
    }
    bar.hidden = false;
    const minutes = Math.max(0, Math.ceil(left / 60000));
    const now = left > 0 ? template.replace("{minutes}", String(minutes)) : bar.dataset.sessionOver;
    if (now !== said) {
      text.textContent = now;
      said = now;
    }
    if (left > 0) setTimeout(tick, 15000);
  };
  const form = bar.querySelector("form");
  form.addEventListener("submit", async (event) => {
    // Staying must not leave the page: what is being typed in it would be lost.
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      bar.querySelector("[data-session-text]").textContent = bar.dataset.sessionStayed;
      setTimeout(() => { bar.hidden = true; }, 4000);
      form.hidden = true;
    } catch {
      form.submit();
    }
  });
  tick();
})();
