// The shop's own script. It shows the two things a site does with the chat: open it, and theme it.
(() => {
  "use strict";

  // Opens the chat, and asks the question on the button when there is one. Before the chat's script has loaded
  // `window.natter` is a list of commands, which the script works off when it arrives.
  const ask = (message, status) => {
    const options = message ? { message } : {};
    if (typeof window.natter?.open === "function") return window.natter.open(options);
    (window.natter ??= []).push(["open", options]);
    if (!status) return;
    setTimeout(() => {
      if (typeof window.natter.open === "function") return;
      window.natter.length = 0;
      status.replaceChildren("The chat cannot be reached at the moment. ");
      const link = document.createElement("a");
      link.href = "contact.html";
      link.textContent = "Write to us or ring us";
      status.append(link, ".");
    }, 4000);
  };

  for (const button of document.querySelectorAll("[data-ask]")) {
    button.addEventListener("click", () => {
      const near = button.closest("section, aside")?.querySelector(".ask-status");
      ask(button.dataset.ask, near ?? document.querySelector(".ask-status"));
    });
  }

  // Three appearances, as CSS custom properties of the <natter-chat> element.
  const themes = {
    petrol: {},
    marigold: { "--natter-accent": "#f2b632", "--natter-accent-ink": "#2a1e00", "--natter-radius": "24px" },
    peat: {
      "--natter-accent": "#4f3a2e", "--natter-accent-ink": "#fff4e6", "--natter-radius": "2px",
      "--natter-font": "Georgia, serif",
    },
  };
  const names = new Set(Object.values(themes).flatMap(Object.keys));
  let chosen = null;

  const paint = () => {
    const chat = document.querySelector("natter-chat");
    if (!chat || !chosen) return;
    for (const name of names) {
      if (name in chosen) chat.style.setProperty(name, chosen[name]);
      else chat.style.removeProperty(name);
    }
  };

  const code = document.getElementById("theme-code");
  const swatches = document.querySelectorAll("[data-theme]");
  for (const swatch of swatches) {
    swatch.addEventListener("click", () => {
      chosen = themes[swatch.dataset.theme];
      for (const other of swatches) other.setAttribute("aria-pressed", String(other === swatch));
      const lines = Object.entries(chosen).map(([name, value]) => `  ${name}: ${value};`);
      code.textContent = `natter-chat {\n${lines.join("\n") || "  /* as the owner set it: #0F5B5E */"}\n}`;
      paint();
    });
  }
  // The element may arrive after the choice.
  if (swatches.length) new MutationObserver(paint).observe(document.body, { childList: true });

  // A table that is wider than the screen scrolls by itself, and can be reached by keyboard.
  for (const table of document.querySelectorAll(".prose table")) {
    const box = document.createElement("div");
    box.className = "table";
    table.replaceWith(box);
    box.append(table);
    const fit = () => {
      const wide = box.scrollWidth > box.clientWidth;
      if (wide) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", "Table, scrolls sideways");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    };
    new ResizeObserver(fit).observe(box);
  }
})();
