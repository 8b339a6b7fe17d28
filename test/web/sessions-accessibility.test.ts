import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { sessionTraces } from "./data/session-traces.ts";

let server: ServerProcess;
let empty: ServerProcess;

before(async () => {
  [server, empty] = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
  const traces = sessionTraces(Date.now(), {
    "session.id": "s-9",
    "task.id": `task-${"with-a-very-long-id-".repeat(8)}`,
    "user.id": "ana",
  });
  for (const [at, trace] of traces.entries()) {
    await sendAndSee(server, trace.traceId, trace.build(), [12, 16, 1][at] ?? 1);
  }
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await empty[Symbol.asyncDispose]();
});

const rowOf = (ui: Ui) => ui.page.locator("tbody a[data-row]").first();

/** Every view and state, by what leads there. */
const VIEWS: readonly {
  readonly name: string;
  readonly path: string;
  readonly reach: (ui: Ui) => Promise<void>;
  readonly empty?: boolean;
}[] = [
  {
    name: "no sessions yet",
    path: "/sessions",
    empty: true,
    reach: (ui) => ui.page.getByRole("heading", { name: "No sessions yet" }).waitFor(),
  },
  {
    name: "list of sessions, at a row",
    path: "/sessions",
    reach: async (ui) => {
      await rowOf(ui).waitFor();
      await ui.press("j");
    },
  },
  { name: "list of tasks", path: "/tasks", reach: (ui) => rowOf(ui).waitFor() },
  {
    name: "list without a match",
    path: "/tasks?id=none&from=now-1h",
    reach: (ui) => ui.page.getByRole("heading", { name: "No task fits" }).waitFor(),
  },
  {
    name: "session as a conversation",
    path: "/sessions/s-9?v=conversation",
    reach: async (ui) => {
      await ui.page
        .getByRole("button", { name: /^ask_researcher/ })
        .first()
        .click();
      await ui.page.getByText("Arguments", { exact: true }).waitFor();
    },
  },
  {
    name: "session, at a trace",
    path: "/sessions/s-9",
    reach: async (ui) => {
      await rowOf(ui).waitFor();
      await ui.press("j", "j");
    },
  },
  {
    name: "task with a long id",
    path: "/tasks?id=very-long",
    reach: async (ui) => {
      await rowOf(ui).waitFor();
      await ui.press("j", "Enter");
      await ui.page.locator("figure").waitFor();
    },
  },
  {
    name: "no such session",
    path: "/sessions/nobody",
    reach: (ui) => ui.page.getByRole("alert").waitFor(),
  },
  {
    name: "shortcuts",
    path: "/sessions",
    reach: async (ui) => {
      await rowOf(ui).waitFor();
      await ui.press("?");
      await ui.page.getByRole("dialog").waitFor();
    },
  },
];

const SCREENS: readonly (UiOptions & { readonly name: string })[] = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "360 px", theme: "light", width: 360, height: 740 },
  { name: "2560 px", theme: "dark", width: 2560, height: 1300 },
];

for (const { name: screen, ...options } of SCREENS) {
  test(`axe finds nothing on any view of sessions and tasks: ${screen}`, async (t) => {
    for (const { name, path, reach, empty: isEmpty = false } of VIEWS) {
      await t.test(name, async () => {
        await using ui = await Ui.open(isEmpty ? empty : server, path, {
          ...options,
          ...(name === "no such session" && { allowed: /404/ }),
        });
        await reach(ui);
        await assertAccessible(ui, name);
      });
    }
  });
}
