import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { installBroker } from "../../scripts/install-brokers.ts";
import { Broker } from "../harness/broker.ts";

/** A sample of an instant query: the series' labels and its value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [atS: number, value: string];
}

/** A Prometheus that scrapes and evaluates every second; configuration and rules are objects, as JSON is YAML. */
export function startPrometheus(scrapeConfigs: readonly object[], rules: readonly object[]): Promise<Broker> {
  return Broker.start("prometheus", (installed, port, folder) => {
    const rulesFile = join(folder, "rules.json");
    writeFileSync(rulesFile, JSON.stringify({ groups: [{ name: "clew", rules }] }));
    const config = {
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      rule_files: [rulesFile],
      scrape_configs: scrapeConfigs,
    };
    const configFile = join(folder, "prometheus.json");
    writeFileSync(configFile, JSON.stringify(config));
    const args = [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--enable-feature=exemplar-storage",
    ];
    const isReady = async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok;
    return { command: join(installed, "usr/bin/prometheus"), args, isReady };
  });
}

/** What Prometheus's API answers at this path, e.g. `/query?query=up`. */
export async function ask<Data>({ port }: Broker, path: string): Promise<Data> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`);
  const { data, error } = (await answer.json()) as { data: Data; error?: string };
  if (error !== undefined) throw new Error(error);
  return data;
}

/** The samples that a query finds now. */
export async function query(prometheus: Broker, expression: string): Promise<readonly Sample[]> {
  const path = `/query?query=${encodeURIComponent(expression)}`;
  return (await ask<{ readonly result: readonly Sample[] }>(prometheus, path)).result;
}

/** What `promtool check metrics` finds fault with in a text, a line each; rejects for a text that is not valid. */
export async function lint(text: string): Promise<string[]> {
  const promtool = join(await installBroker("prometheus"), "usr/bin/promtool");
  const child = spawn(promtool, ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      said += piece;
    });
  }
  child.stdin.end(text);
  const [code] = (await once(child, "close")) as [number | null];
  // 3 says that it found fault with names.
  if (code !== 0 && code !== 3) throw new Error(`promtool ended with ${code}: ${said}`);
  return said.split("\n").filter((line) => line !== "");
}
