// Where Assay is, and the write key it gave this website.
window.site = { assay: "http://localhost:8000", key: "example-site" };
