// What all pages share: Assay's script, the question for consent, and the contact form.

// As in the snippet that Assay shows for a write key: calls made before the script is there are kept for it.
window.assay = window.assay || { q: [] };
for (const name of ["identify", "track", "page", "reset", "consent"]) {
  assay[name] = assay[name] || ((...given) => assay.q.push([name, ...given]));
}
const script = document.createElement("script");
script.src = `${site.assay}/assay.js`;
script.dataset.key = site.key;
document.head.append(script);

// The answer itself may be kept without asking; Assay keeps and sends nothing before consent(true).
const banner = document.querySelector("#consent");

function answer(agreed) {
  localStorage.setItem("consent", agreed ? "yes" : "no");
  assay.consent(agreed);
  banner.hidden = true;
}

banner.querySelector("[value=yes]").addEventListener("click", () => answer(true));
banner.querySelector("[value=no]").addEventListener("click", () => answer(false));
document.querySelector("#choices").addEventListener("click", () => {
  banner.hidden = false;
  banner.querySelector("button").focus();
});

const answered = localStorage.getItem("consent");
if (answered) assay.consent(answered === "yes");
else banner.hidden = false;

// A real website would send the form somewhere; this one only says thank you.
document.querySelector("form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const thanks = document.querySelector("#thanks");
  event.target.hidden = true;
  thanks.hidden = false;
  thanks.focus();
});
