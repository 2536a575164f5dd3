// Makes every call of Segment's client for Node; the arguments are the host and the write key.
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey });
const failures = [];
analytics.on("error", (error) => failures.push(error));

const anna = { userId: "anna-1" };
analytics.identify({ ...anna, anonymousId: "visitor-1", traits: { email: "anna@bright.example", name: "Anna Bright" } });
analytics.track({ ...anna, event: "Demo Requested", properties: { plan: "pro" } });
analytics.page({ ...anna, name: "Pricing", properties: { url: "https://site.example/pricing", path: "/pricing" } });
analytics.screen({ ...anna, name: "Start" });
analytics.group({ ...anna, groupId: "bright", traits: { name: "Bright GmbH", employees: 120 } });
analytics.alias({ ...anna, previousId: "visitor-1" });

analytics.closeAndFlush({ timeout: 20_000 }).then(() => {
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length ? 1 : 0;
});
