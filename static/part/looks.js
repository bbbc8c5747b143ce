// How the panel looks: style rules and colours. All through the CSSOM, so that a page's policy need not allow inline styles.

// What the app calls. `own` is what parts get to work with.
export const looksOf = (own) => {
  // Puts style rules after those that are there.
  const wear = (rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    own.root.adoptedStyleSheets.push(sheet);
  };
  return {
    wear,
    // What the handshake says of it: the colours that can be read, and what the owner has added.
    dress(panel, config) {
      const { natter, widget } = JSON.parse(config).data;
      for (const [name, colour] of Object.entries(natter?.palette ?? {})) panel.style.setProperty(`--n-${name}`, colour);
      if (widget.custom_css) wear(widget.custom_css);
      if (widget.custom_js && own.settings?.allowCustomJs) own.part('script', widget.custom_js);
    },
  };
};
