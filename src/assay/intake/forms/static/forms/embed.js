// Puts a form into the page: <script src=".../static/forms/embed.js" data-form="demo" async></script>
(() => {
  const script = document.currentScript;
  const server = new URL(script.src).origin;
  const frame = document.createElement("iframe");
  const known = () => {
    const id = window.assay?.visitorId ?? window.analytics?.user?.().anonymousId;
    return typeof id === "function" ? id() : id;
  };
  const said = { landing: location.href, referrer: document.referrer, visitor: known(), thanks: script.dataset.thanks, theme: script.dataset.theme };
  for (const [name, value] of new URLSearchParams(location.search)) if (name.startsWith("utm_")) said[name] = value;
  const query = new URLSearchParams(Object.entries(said).filter(([, value]) => typeof value === "string" && value));
  frame.src = `${server}/f/${encodeURIComponent(script.dataset.form)}/embed/?${query}`;
  frame.title = script.dataset.title ?? "Form";
  Object.assign(frame.style, { width: "100%", height: "24rem", border: "0", colorScheme: script.dataset.theme === "dark" ? "dark" : "light" });
  // Who visits may be known only later, after consent: told again when somebody turns to the form.
  const introduce = () => {
    const visitor = known();
    if (visitor) frame.contentWindow?.postMessage({ assay: { visitor } }, server);
  };
  addEventListener("blur", introduce);
  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== server || source !== frame.contentWindow || !data?.assay) return;
    const { height, address } = data.assay;
    if (height > 0) {
      frame.style.height = `${height}px`;
      introduce();
    }
    if (/^https?:\/\//.test(address ?? "")) location.assign(address);
  });
  script.after(frame);
})();
