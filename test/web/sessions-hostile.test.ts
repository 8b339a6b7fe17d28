import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { said } from "./data/session-traces.ts";
import { TraceBuilder } from "./data/span-builder.ts";

/** What does something where it is taken for more than text, or leads elsewhere where it becomes a part of an address. */
const IDS = [
  `<img src=x onerror="document.title='ran'">`,
  `"><script>document.title='ran'</script>`,
  `javascript:document.title='ran'`,
  "//collector.example/x",
  "../../traces?q=1#top",
  "50%25 off %2F%00",
  "a.html",
  "\u202Egnp.exe\nline two\ttab",
  "日本 👩‍👩‍👧 \\ ' ` {{x}}",
] as const;

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  for (const id of IDS) {
    const trace = new TraceBuilder(Date.now() - 60_000, { "session.id": id, "user.id": id });
    trace.add({
      name: id,
      service: id,
      at: 0,
      took: 1000,
      error: id,
      attributes: { ...said(id, id), "gen_ai.agent.name": id, "gen_ai.request.model": id, "error.type": id },
    });
    await sendAndSee(server, trace.traceId, trace.build(), 1);
  }
});

after(() => server[Symbol.asyncDispose]());

const FOREIGN = `[...document.querySelectorAll("#root script, #root iframe, #root style, #root link, #root base, #root meta, #root object, #root embed, #root [onerror], #root [onload]")].map((element) => element.outerHTML)`;
const LINKS = `[...document.querySelectorAll("#root a[href]")].map((link) => link.href).filter((href) => !href.startsWith(location.origin + "/") && !href.startsWith(location.origin + "#"))`;
const IMAGES = `[...document.querySelectorAll("#root img")].map((image) => image.src).filter((src) => !src.endsWith("/icon.svg"))`;

async function assertInert(ui: Ui): Promise<void> {
  for (const found of [FOREIGN, LINKS, IMAGES]) assert.deepEqual(await ui.page.evaluate(found), []);
  assert.doesNotMatch(await ui.page.title(), /^ran/);
}

test("whatever an id, a name or a prompt holds is shown as text, leads to its own page, and does nothing", async (t) => {
  await using ui = await Ui.open(server, "/sessions");
  const rows = ui.page.locator("tbody a[data-row]");
  await rows.nth(IDS.length - 1).waitFor();
  await assertInert(ui);
  const listed = await rows.allTextContents();
  assert.deepEqual(listed.toSorted(), [...IDS].toSorted());
  for (const [at, id] of listed.entries()) {
    await t.test(JSON.stringify(id), async () => {
      await rows.nth(at).click();
      const title = ui.page.locator("main h1");
      await ui.page.locator("figure").waitFor();
      assert.equal(await title.textContent(), `Session ${id}`);
      assert.ok((await ui.page.locator("tbody").textContent())?.includes(id));
      await assertInert(ui);
      await ui.page.reload();
      await ui.page.locator("figure").waitFor();
      assert.equal(await title.textContent(), `Session ${id}`);
      await ui.page.getByRole("link", { name: "Back to the sessions" }).click();
      await rows.nth(IDS.length - 1).waitFor();
    });
  }
});
