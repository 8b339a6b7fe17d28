import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { refundTrace } from "./data/refund-trace.ts";

const failing = refundTrace({
  startMs: Date.now() - 60_000,
  fails: true,
  shared: { "test.case.id": "late-fee", "session.id": "s-9" },
});
const good = refundTrace({ startMs: Date.now() - 90_000, shared: { "user.id": "ana" } });

let server: ServerProcess;
let empty: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  empty = await ServerProcess.start();
  await sendAndSee(server, failing.traceId, failing.build(), 16);
  await sendAndSee(server, good.traceId, good.build(), 12);
  await fetch(`http://127.0.0.1:${server.ports.http}/v1/traces`, {
    method: "POST",
    body: "x",
    headers: { "content-type": "text/plain" },
  });
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await empty[Symbol.asyncDispose]();
});

/** Every view and state, by what leads there. */
const VIEWS: readonly {
  readonly name: string;
  readonly reach: (ui: Ui) => Promise<void>;
  readonly empty?: boolean;
  readonly allowed?: RegExp;
}[] = [
  {
    name: "welcome",
    empty: true,
    reach: async (ui) => ui.page.getByRole("heading", { name: "Waiting for the first trace" }).waitFor(),
  },
  {
    name: "welcome with refused requests",
    reach: async (ui) => {
      await ui.go("/welcome");
      await ui.page.getByText("415").nth(1).waitFor();
    },
  },
  { name: "list", reach: async (ui) => ui.page.locator("tbody tr").nth(1).waitFor() },
  {
    name: "list with suggestions",
    reach: async (ui) => {
      await ui.page.getByRole("combobox", { name: "Search traces" }).click();
      await ui.press("ArrowDown");
      await ui.page.getByRole("listbox").getByRole("option", { selected: true }).waitFor();
    },
  },
  {
    name: "list without a match",
    reach: async (ui) => {
      await ui.go("/traces?agent=nobody&session=none");
      await ui.page.getByRole("heading", { name: "No trace fits" }).waitFor();
    },
  },
  {
    name: "list of what a query finds",
    reach: async (ui) => {
      await ui.go(`/traces?user=ana&q=${encodeURIComponent("{ } | by(status) | select(agent:model)")}`);
      await ui.page.getByRole("button", { name: "Show more of the matching spans" }).waitFor();
    },
  },
  {
    name: "list with its histogram as a table",
    reach: async (ui) => {
      await ui.page.getByRole("button", { name: "Table" }).click();
      await ui.page.getByRole("region", { name: "Traces by time" }).waitFor();
    },
  },
  {
    name: "series",
    reach: async (ui) => {
      await ui.go(`/traces?status=error&q=${encodeURIComponent("{ } | rate() by (agent:name)")}`);
      await ui.page.getByRole("button", { name: "Show every value" }).click();
      await ui.page.getByRole("region", { name: "Values by time" }).waitFor();
    },
  },
  {
    name: "query with proposals",
    reach: async (ui) => {
      await ui.page.getByRole("combobox", { name: "Search traces" }).fill("{ status = error ");
      await ui.press("ArrowDown");
      await ui.page.getByRole("listbox").getByRole("option", { selected: true }).waitFor();
    },
  },
  {
    name: "query with a mistake",
    reach: async (ui) => {
      await ui.go(`/traces?text=fee&q=${encodeURIComponent('{ agent:nmae = "planner" }')}`);
      await ui.page.getByRole("button", { name: "Write agent:name" }).waitFor();
    },
  },
  {
    name: "query without a match",
    reach: async (ui) => {
      await ui.go(`/traces?text=fee&q=${encodeURIComponent('{ agent:name = "nobody" }')}`);
      await ui.page.getByRole("heading", { name: "No trace matches" }).waitFor();
    },
  },
  {
    name: "shortcuts",
    reach: async (ui) => {
      await ui.press("?");
      await ui.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "trace at an error",
    reach: async (ui) => {
      await ui.go(`/traces/${failing.traceId}`);
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("e");
      await ui.page.getByRole("region", { name: "Error" }).waitFor();
    },
  },
  {
    name: "trace at a conversation, searched and zoomed",
    reach: async (ui) => {
      await ui.go(`/traces/${good.traceId}?find=chat&zoom=1000-5000000`);
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("n");
      await ui.page.getByRole("list", { name: "Messages" }).waitFor();
    },
  },
  ...["attributes", "events", "resource", "raw"].map((tab) => ({
    name: `span: ${tab}`,
    reach: async (ui: Ui) => {
      await ui.go(`/traces/${failing.traceId}?tab=${tab}`);
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("e");
      await ui.page.getByRole("tab", { name: new RegExp(`^${tab}`, "i"), selected: true }).waitFor();
    },
  })),
  {
    name: "no such trace",
    allowed: /404/,
    reach: async (ui) => {
      await ui.go(`/traces/${"f".repeat(32)}`);
      await ui.page.getByRole("alert").waitFor();
    },
  },
];

const SCREENS: readonly (UiOptions & { readonly name: string; readonly views: RegExp })[] = [
  { name: "light", theme: "light", views: /^/ },
  { name: "dark", theme: "dark", views: /^/ },
  // What has another layout there.
  {
    name: "360 px",
    theme: "light",
    width: 360,
    height: 740,
    views:
      /^(welcome|list|list of what a query finds|query with a mistake|series|trace at an error|span: attributes)$/,
  },
];

for (const { name: screen, views, ...options } of SCREENS) {
  test(`axe finds nothing on any view: ${screen}`, async (t) => {
    for (const { name, reach, empty: isEmpty = false, allowed } of VIEWS.filter((view) =>
      views.test(view.name),
    )) {
      await t.test(name, async () => {
        await using ui = await Ui.open(isEmpty ? empty : server, "/", {
          ...options,
          ...(allowed && { allowed }),
        });
        await ui.page.locator("main h1").first().waitFor();
        await reach(ui);
        await assertAccessible(ui, name);
      });
    }
  });
}
