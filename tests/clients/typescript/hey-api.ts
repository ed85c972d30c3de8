// A client by Hey API.
import assert from "node:assert/strict";
import { createClient, createConfig } from "./generated/client";
import { createAddress, createGroup, createToken, getMe, listCustomers, registerCustomer } from "./generated";
import type { RuleNode } from "./generated";

const baseUrl = process.env.CLIENTELE_URL!;
const password = process.env.CLIENTELE_PASSWORD!;

async function signIn(username: string) {
  const anonymous = createClient(createConfig({ baseUrl }));
  const { data } = await createToken({ client: anonymous, body: { username, password }, throwOnError: true });
  return createClient(createConfig({ baseUrl, auth: data.access }));
}

async function main() {
  const username = "hey-api";
  const registered = await registerCustomer({
    client: createClient(createConfig({ baseUrl })),
    body: { username, email: `${username}@example.com`, password, password2: password, first_name: "Ada", last_name: "Lovelace" },
    throwOnError: true,
  });
  assert.equal(registered.data.username, username);

  const client = await signIn(username);
  const me = await getMe({ client, throwOnError: true });
  assert.equal(me.data.id, registered.data.id);

  const address = await createAddress({
    client,
    body: { address_type: "billing", first_name: "Ada", last_name: "Lovelace", address_line1: "1 Main St", city: "New York", state: "NY", postal_code: "10001", country: "USA" },
    throwOnError: true,
  });
  assert.equal(address.data.address_type, "billing");

  const refused = await listCustomers({ client });
  assert.equal(refused.error!.type, "urn:clientele:problem:forbidden");

  const admin = await signIn("admin");
  const rule: RuleNode = { any: [{ field: "loyalty_tier", op: "gte", value: "gold" }, { related: "orders", within: { on: "placed_at", last: { n: 90, unit: "day" } } }] };
  const group = await createGroup({
    client: admin,
    body: { name: username, auto_assign: true, assignment_rules: rule, discount_percentage: "5.00" },
    throwOnError: true,
  });
  assert.deepEqual(group.data.assignment_rules, rule);

  const page = await listCustomers({ client: admin, query: { search: username, is_active: true }, throwOnError: true });
  assert.deepEqual(page.data.results.map((row) => row.username), [username]);
  assert.ok("count" in page.data && page.data.count === 1);
}

main().then(() => console.log("Hey API: done"), (failure) => {
  console.error(failure);
  process.exit(1);
});
