// Tells Assay of a website's visits and forms. Before consent(true) nothing is sent and nothing is stored.
(() => {
  "use strict";

  if (window.assay && !window.assay.q) return; // loaded twice

  const script = document.currentScript;
  const endpoint = new URL("/v1/batch", script.dataset.host || script.src).href;

  const STATE = "assay", QUEUE = "assay.queue";
  const HALF_HOUR = 1_800_000, YEAR = 31_536_000_000;
  const MOST_EVENTS = 100, MOST_CHARACTERS = 200_000; // kept while nobody answers
  // Characters, of up to three bytes each: no browser lets a request outlive its page above 64 KiB.
  const ONE_EVENT = 30_000, ONE_REQUEST = 18_000;
  const SOON = 200, FIRST_WAIT = 1_000, LONGEST_WAIT = 300_000, PATIENCE = 30_000;

  // --- What is kept: in localStorage, the ids else in a cookie, else all in this page's memory ------------

  let me = null; // {id, user, since, session} while there is consent
  let isStored = false; // whether the browser agreed to keep that
  let memory = []; // this page's events that are not sent yet: the browser may refuse to keep them, and tabs that
  // write at the same time overwrite each other's

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function write(name, value) {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
      return true;
    } catch {
      return false;
    }
  }

  function cookie(value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const age = value ? YEAR / 1000 : 0;
    try {
      document.cookie = `${STATE}=${encodeURIComponent(value || "")}; Max-Age=${age}; Path=/; SameSite=Lax${secure}`;
    } catch {} // a frame that may keep nothing at all
  }

  function readCookie() {
    try {
      return JSON.parse(decodeURIComponent(document.cookie.match(/(?:^|; )assay=([^;]+)/)[1]));
    } catch {
      return null;
    }
  }

  function remember() {
    isStored = write(STATE, me);
    if (!isStored) cookie(JSON.stringify({ id: me.id, user: me.user, since: me.since }));
  }

  function recall() {
    const known = read(STATE) || readCookie();
    return known?.id && Date.now() - known.since < YEAR ? known : null; // consent is asked for anew each year
  }

  function followOtherTabs() {
    if (!isStored) return;
    const known = recall();
    if (!known) forget(); // consent was withdrawn there
    me = known; // or somebody signed in there
  }

  const isAmong = (events) => (event) => events.some(({ messageId }) => messageId === event.messageId);

  function waiting() {
    const kept = read(QUEUE) || [];
    const isKept = isAmong(kept);
    return [...kept, ...memory.filter((event) => !isKept(event))];
  }

  function keep(events) {
    memory = write(QUEUE, events.length ? events : null) ? memory.filter(isAmong(events)) : events;
  }

  // --- Sending: an event leaves the queue when the server has stored it; sent twice, it counts once ----------

  let flying = [];
  let timer = 0;
  let wait = FIRST_WAIT;

  function next() {
    let size = 0;
    return waiting().filter((event) => {
      const length = JSON.stringify(event).length;
      size += length;
      return !flying.includes(event.messageId) && (size < ONE_REQUEST || size === length);
    });
  }

  const wrap = (batch) => JSON.stringify({ writeKey: script.dataset.key, sentAt: new Date().toISOString(), batch });

  function sendIn(milliseconds) {
    timer ||= setTimeout(send, milliseconds);
  }

  async function send() {
    clearTimeout(timer);
    timer = 0;
    const batch = me && !flying.length ? next() : [];
    if (!batch.length) return;
    flying = batch.map((event) => event.messageId);
    const sent = flying;
    const { isSettled, pause } = await post(wrap(batch));
    flying = [];
    if (!me) return;
    if (isSettled) {
      wait = FIRST_WAIT;
      keep(waiting().filter((event) => !sent.includes(event.messageId)));
      sendIn(0);
    } else {
      sendIn(Math.max(pause || 0, wait * (1 + Math.random())));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  async function post(body) {
    // A text body needs no preflight request.
    const options = { method: "POST", body, credentials: "omit", keepalive: body.length < ONE_REQUEST * 1.1 };
    if (AbortSignal.timeout) options.signal = AbortSignal.timeout(PATIENCE);
    try {
      const { ok, status, headers } = await fetch(endpoint, options);
      // What cannot be read will not be read the next time either.
      return { isSettled: ok || status === 400 || status === 413, pause: headers.get("Retry-After") * 1000 };
    } catch {
      return {}; // offline, or nobody there
    }
  }

  function leave() {
    view();
    const batch = me ? next() : [];
    // They stay in the queue, because nobody says whether a beacon arrived.
    if (batch.length) navigator.sendBeacon(endpoint, wrap(batch));
  }

  // --- Where the visit came from, kept for the session ---------------------------------------------------------

  let entry = location.href;

  function clean(address) {
    if (!address) return "";
    const url = new URL(address);
    for (const name of [...url.searchParams.keys()]) {
      if (/pass|token|secret|sess|auth|e-?mail|^(key|code)$/i.test(name)) url.searchParams.delete(name);
    }
    return url.href;
  }

  function campaignOf(address) {
    const tags = [...new URL(address).searchParams].filter(([name]) => name.startsWith("utm_"));
    return Object.fromEntries(tags.map(([name, value]) => [name === "utm_campaign" ? "name" : name.slice(4), value]));
  }

  function session() {
    const now = Date.now();
    const address = entry || location.href;
    const campaign = campaignOf(address);
    const old = me.session;
    const isNew = !old || now - old.at > HALF_HOUR;
    if (isNew || (campaign.source && JSON.stringify(campaign) !== JSON.stringify(old.campaign))) {
      const referrer = document.referrer.startsWith(location.origin + "/") ? "" : clean(document.referrer);
      me.session = { landing: clean(address), referrer, campaign };
    }
    entry = "";
    me.session.at = now;
    remember();
    return me.session;
  }

  function pageNow() {
    const { href, pathname, search } = new URL(clean(location.href));
    return { url: href, path: pathname, search, title: document.title, referrer: clean(document.referrer) };
  }

  // --- Events --------------------------------------------------------------------------------------------------

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    // Pages without HTTPS have no randomUUID.
    const random = (digit) => digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)));
    return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => random(digit).toString(16));
  }

  function begin(user) {
    me = { id: uuid(), user, since: Date.now(), session: me?.session };
    remember();
  }

  function tell(type, fields) {
    const { landing, referrer, campaign } = session();
    const context = {
      library: { name: "assay.js" },
      page: { ...pageNow(), landing },
      referrer: referrer ? { url: referrer } : undefined,
      campaign: Object.keys(campaign).length ? campaign : undefined,
    };
    const ids = { messageId: `${Date.now()}-${uuid()}`, anonymousId: me.id, userId: me.user };
    const event = { type, ...ids, timestamp: new Date().toISOString(), ...fields, context };
    if (JSON.stringify(event).length > ONE_EVENT) throw new Error(`this ${type} is too large`);
    memory.push(event);
    const events = waiting().slice(-MOST_EVENTS);
    while (JSON.stringify(events).length > MOST_CHARACTERS) events.shift();
    keep(events);
    sendIn(SOON);
  }

  // --- Pages: one call for each address, however the site came to it ---------------------------------------------

  let told = "";

  function view(name, properties) {
    const address = location.href.replace(/#(?!\/).*/, ""); // "#/..." is how some applications write their pages
    if (!me || address === told) return;
    told = address;
    tell("page", { name, properties: { ...pageNow(), ...properties } });
  }

  const viewSoon = () => setTimeout(safely(view), 50); // by then the application has set the title

  function watchAddress() {
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = function (...given) {
        original.apply(this, given);
        viewSoon();
      };
    }
    addEventListener("popstate", viewSoon);
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      followOtherTabs();
      told = "";
      viewSoon();
    });
  }

  // --- Forms: only fields that are known and seen; never hidden ones, passwords or card numbers ------------------

  const FIELDS = [
    ["email", /e-?mail/],
    ["firstName", /^(first|given|fore)[-_ ]?name|^vorname|^pr[eé]nom/],
    ["lastName", /^(last|family|sur)[-_ ]?name|^nachname|^nom$/],
    ["title", /^(job|organization)[-_ ]?title|^(position|job)$/],
    ["company", /^(company|organi[sz]ation)([-_ ]?name)?$|^firma$|^entreprise$/],
    ["phone", /^(tele)?phone|^tel/],
    ["employees", /^employees|^(company|team)[-_ ]?size/],
    ["industry", /^industry|^branche/],
    ["country", /^country|^land$|^pays$/],
    ["name", /^(full|your)?[-_ ]?name$/],
  ];

  function traitOf(field) {
    const purpose = (field.autocomplete || "").split(" ").pop();
    const texts = [purpose, field.type, field.name, field.id].map((text) => (text || "").toLowerCase());
    const isOpen = /^(text|email|tel|number|select-one)$/.test(field.type) && field.getClientRects().length;
    const isSafe = !texts.some((text) => /^cc-|card|pass/.test(text)) && !/(\d[ -]?){13}/.test(field.value);
    if (!isOpen || !isSafe || !field.value.trim() || field.closest("[data-assay-ignore]")) return;
    return texts.flatMap((text) => FIELDS.filter(([, pattern]) => pattern.test(text)))[0]?.[0];
  }

  function capture({ target: form }) {
    if (!me || form.closest("[data-assay-ignore]")) return;
    const traits = {};
    for (const field of form.elements) {
      const trait = traitOf(field);
      if (trait) traits[trait] ??= field.value.trim();
    }
    if (!/^\S+@\S+$/.test(traits.email)) return;
    if (traits.company) traits.company = { name: traits.company };
    api.identify(traits);
    // By attribute: a field called "id" or "name" hides the form's own.
    const [form_id, form_name] = ["id", "name"].map((name) => form.getAttribute(name) || undefined);
    api.track(form.dataset.assayEvent || "Form Submitted", { form_id, form_name });
  }

  // --- window.assay ----------------------------------------------------------------------------------------------

  let held = []; // calls made before consent, in this page's memory only

  const calls = {
    identify(user, traits) {
      if (user && typeof user === "object") [user, traits] = [undefined, user];
      if (user && me.user && String(user) !== me.user) begin(); // somebody else at the same device
      if (user) me.user = String(user);
      tell("identify", { traits: traits || {} });
    },
    track: (event, properties) => tell("track", { event, properties: properties || {} }),
    page(name, properties) {
      if (name && typeof name === "object") [name, properties] = [undefined, name];
      view(name, properties);
    },
    reset: () => begin(),
  };

  function forget() {
    me = held = null;
    memory = [];
    told = "";
  }

  function consent(granted) {
    if (granted) {
      me ||= recall();
      if (!me) begin();
      for (const [name, ...given] of (held || []).splice(0)) api[name](...given);
      viewSoon();
    } else {
      forget();
      write(STATE);
      write(QUEUE);
      cookie();
    }
  }

  // A mistake in here must not stop the site's own script.
  const safely = (call) => (...given) => {
    try {
      call(...given);
    } catch (error) {
      console.warn("assay:", error.message);
    }
  };

  const api = { consent: safely(consent), visitorId: () => me?.id };
  for (const [name, call] of Object.entries(calls)) {
    api[name] = safely((...given) => (me ? call(...given) : held && held.length < 50 && held.push([name, ...given])));
  }

  const start = safely(() => {
    const early = window.assay?.q || [];
    window.assay = api;
    me = recall();
    if (script.dataset.consent === "granted") api.consent(true);
    for (const [name, ...given] of early) api[name](...given);
    view();
    if (me) sendIn(SOON);
    watchAddress();
    document.addEventListener("submit", safely(capture), true);
    addEventListener("online", send);
    addEventListener("storage", followOtherTabs);
    addEventListener("pagehide", safely(leave));
  });

  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
