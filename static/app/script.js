// Runs the owner's script, on a page whose own tag asked for it. Fetched by `part/parts.js` then.

// Where the page demands trusted types, a policy named `natter` wraps it; where the page's policy forbids inline scripts it
// does not run, as it should be.
export default (own, source) => {
  const element = document.createElement('script');
  const policy = window.trustedTypes?.createPolicy('natter', { createScript: (text) => text });
  element.text = policy ? policy.createScript(source) : source;
  document.head.append(element);
  element.remove();
};
