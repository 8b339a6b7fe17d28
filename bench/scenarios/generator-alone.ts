import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";

const SINK = fileURLToPath(new URL("../sink.ts", import.meta.url));

/** What the load process can send to a receiver that does nothing: the other rows cannot show more. */
export const generatorAlone: Scenario = {
  gives: ["generator"],
  async run({ quick }) {
    const sink = fork(SINK, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    try {
      const [line] = await once(sink.stdout!, "data");
      const load = await runLoad({ port: Number(line), spansPerRequest: 100, seconds: quick ? 3 : 10 });
      const perSpan = (load.cpuSeconds / load.acknowledgedSpans) * 1e6;
      const note = `${perSpan.toFixed(1)} µs of its CPU a span`;
      return [{ name: "generator", value: load.acknowledgedSpans / load.seconds, note }];
    } finally {
      sink.disconnect();
      await once(sink, "exit");
    }
  },
};
