import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { refundTrace } from "./data/refund-trace.ts";

const failing = refundTrace({ startMs: Date.now() - 60_000, fails: true, shared: { "session.id": "s-9" } });
const WIDE = 1440;
const NARROW = 360;

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, failing.traceId, failing.build(), 16);
  await fetch(`http://127.0.0.1:${server.ports.http}/traces`, { method: "POST", body: "x" });
});

after(() => server[Symbol.asyncDispose]());

const VIEWS: readonly { readonly name: string; readonly reach: (ui: Ui) => Promise<void> }[] = [
  {
    name: "live",
    reach: async (ui) => {
      await ui.go("/live?q=session:s-9");
      await ui.page.locator(`[data-trace="${failing.traceId}"]`).waitFor();
      await ui.page.getByText("Following").waitFor();
      await ui.press("j");
    },
  },
  {
    name: "live without a trace",
    reach: async (ui) => {
      await ui.go("/live?q=session:none");
      await ui.page.getByRole("heading", { name: "Nothing fits yet" }).waitFor();
    },
  },
  {
    name: "settings",
    reach: async (ui) => {
      await ui.go("/settings");
      await ui.page.getByRole("table", { name: "Disk used by table" }).waitFor();
      await ui.page.getByLabel("Find").fill("gpt-5");
      await ui.page.getByText("holds for this name").waitFor();
    },
  },
  {
    name: "omnibox",
    reach: async (ui) => {
      await ui.go(`/traces/${failing.traceId}`);
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("Control+k");
      await ui.page.getByRole("dialog").getByRole("option", { selected: true }).waitFor();
    },
  },
  {
    name: "all pages",
    reach: async (ui) => {
      await ui.page.getByRole("link", { name: /refused/ }).waitFor();
      const menu = ui.page.getByRole("button", { name: "All pages" });
      if (await menu.isVisible()) await menu.click();
      await ui.page.getByRole("navigation", { name: "Pages" }).waitFor();
    },
  },
];

for (const theme of ["light", "dark"] as const) {
  for (const width of [WIDE, NARROW]) {
    test(`the shell, live and settings are accessible in the ${theme} theme at ${width} px`, async () => {
      for (const { name, reach } of VIEWS) {
        await using ui = await Ui.open(server, "/traces", { theme, width });
        await reach(ui);
        await assertAccessible(ui, `${name}, ${theme}, ${width} px`);
      }
    });
  }
}
