// What was typed and not sent: it is there again after a reload, and on the site's next page.

// Keeps it from now on. Gives what puts an earlier page's into the app.
export const draftOf = (own) => {
  const kept = (act) => {
    try {
      return act(own.drafts || sessionStorage, `${own.kept}:draft`);
    } catch {
      return undefined;
    }
  };
  let wrote;
  let draft;
  let timer;
  const keep = () => {
    clearTimeout(timer);
    if (draft) kept((storage, name) => storage.setItem(name, draft));
    else if (draft === '') kept((storage, name) => storage.removeItem(name));
    draft = undefined;
  };
  own.root.addEventListener('input', ({ target, isTrusted }) => {
    // A question that is worded anew is no draft, and what the page fills in none of the visitor's.
    if (!target.matches('.input') || target.closest('[data-edit]') || !((wrote ||= isTrusted) || !target.value)) return;
    draft = target.value;
    clearTimeout(timer);
    timer = setTimeout(keep, draft && 300);
  });
  addEventListener('pagehide', keep);
  return (app) => {
    const text = kept((storage, name) => storage.getItem(name));
    if (text) app.prefill((wrote = text));
  };
};
