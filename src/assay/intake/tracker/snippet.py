"""What a website pastes into the head of its pages."""

from html import escape

from assay.intake.tracker.scripts import PATH, scripts

# Keeps what the site calls before the script is there.
STUB = """\
<script>
  window.assay = window.assay || { q: [] };
  for (const name of ["identify", "track", "page", "reset", "consent"]) {
    assay[name] = assay[name] || ((...given) => assay.q.push([name, ...given]));
  }
</script>
"""


def snippet(host: str, key: str, *, consented: bool = False) -> str:
    """The HTML for the sites of a write key; `host` is where Assay is, such as `https://assay.example.com`.

    `consented` is for a site whose own banner writes it into the page only after the visitor said yes.
    """
    script = scripts().current
    attributes = {
        "src": f"{host.rstrip('/')}{PATH}?v={script.version}",
        "data-key": key,
        "integrity": script.integrity,
        "crossorigin": "anonymous",
    }
    if consented:
        attributes["data-consent"] = "granted"
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"{STUB}<script async {written}></script>\n"
