// A client by openapi-typescript and openapi-fetch.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Rule = components["schemas"]["RuleNode"];

const baseUrl = process.env.CLIENTELE_URL!;
const password = process.env.CLIENTELE_PASSWORD!;

async function signIn(username: string) {
  const { data } = await createClient<paths>({ baseUrl }).POST("/api/auth/token/", { body: { username, password } });
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${data!.access}` } });
}

async function main() {
  const username = "openapi-typescript";
  const registered = await createClient<paths>({ baseUrl }).POST("/api/customers/register/", {
    body: { username, email: `${username}@example.com`, password, password2: password, first_name: "Ada", last_name: "Lovelace" },
  });
  assert.equal(registered.response.status, 201);

  const customer = await signIn(username);
  const me = await customer.GET("/api/customers/customers/me/");
  assert.equal(me.data!.username, username);

  const type: components["schemas"]["AddressType"] = "shipping";
  const address = await customer.POST("/api/customers/addresses/", {
    body: { address_type: type, first_name: "Ada", last_name: "Lovelace", address_line1: "1 Main St", city: "New York", state: "NY", postal_code: "10001", country: "USA" },
  });
  assert.equal(address.data!.address_type, "shipping");

  const refused = await customer.GET("/api/customers/customers/");
  assert.equal(refused.error!.type, "urn:clientele:problem:forbidden" satisfies components["schemas"]["ProblemType"]);

  const admin = await signIn("admin");
  const rule: Rule = { all: [{ field: "total_spent", op: "gte", value: "100.00" }, { not: { related: "orders", at_least: 3 } }] };
  const group = await admin.POST("/api/customers/groups/", {
    body: { name: username, auto_assign: true, assignment_rules: rule, discount_percentage: "12.50" },
  });
  assert.deepEqual(group.data!.assignment_rules, rule);
  assert.equal(group.data!.discount_percentage, "12.50");

  const page = await admin.GET("/api/customers/customers/", { params: { query: { search: username, page_size: 5 } } });
  assert.deepEqual(page.data!.results.map((row) => row.username), [username]);
  assert.ok("count" in page.data! && page.data.count === 1);
  const byCursor = await admin.GET("/api/customers/customers/", { params: { query: { search: username, cursor: "" } } });
  assert.ok(!("count" in byCursor.data!));
}

main().then(() => console.log("openapi-typescript: done"), (failure) => {
  console.error(failure);
  process.exit(1);
});
