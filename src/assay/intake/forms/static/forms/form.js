// A form's page: does the proof of work while people type, and tells the page around it its height and when it is done.
const form = document.querySelector("form[data-challenge]");
const tell = (message) => parent !== window && parent.postMessage({ assay: message }, "*");

if (form) {
  const challenge = JSON.parse(form.dataset.challenge);
  const solved = new Promise((resolve, reject) => {
    if (!globalThis.crypto?.subtle) return reject(new Error("needs https"));
    const worker = new Worker(form.dataset.solver);
    worker.addEventListener("message", ({ data: solution }) => resolve(btoa(JSON.stringify({ challenge, solution }))));
    worker.addEventListener("error", reject);
    worker.postMessage(challenge);
  });
  // Without a proof it is sent all the same: it is then confirmed by mail.
  const ready = solved.then((proof) => { form.elements.proof.value = proof; }, () => {}).then(() => { form.dataset.ready = "yes"; });
  form.addEventListener("submit", async (event) => {
    if (form.dataset.ready && !form.dataset.sent) return void (form.dataset.sent = "yes");
    event.preventDefault();
    if (form.dataset.sent || form.dataset.waits) return;
    form.dataset.waits = "yes";
    const status = form.querySelector("[data-busy]");
    status.textContent = status.dataset.busy;
    await ready;
    form.requestSubmit();
  });
  addEventListener("message", ({ source, data }) => {
    const visitor = source === parent && data?.assay?.visitor;
    const action = new URL(form.action);
    if (typeof visitor !== "string" || action.searchParams.has("visitor")) return;
    action.searchParams.set("visitor", visitor);
    form.action = action;
  });
  // Coming back to the page, one may send again.
  addEventListener("pageshow", () => { delete form.dataset.sent; });
  form.querySelector("[aria-invalid=true]")?.focus();
}

const sheet = document.querySelector(".sheet");
new ResizeObserver(() => tell({ height: Math.ceil(sheet.getBoundingClientRect().height) })).observe(sheet);
if (sheet.dataset.thanks) tell({ address: sheet.dataset.thanks });
