import { request } from "node:http";
import { join } from "node:path";

/**
 * Asks the embedded engine itself, on its private socket, for what the API does not tell: parts, merges,
 * exact counts. Rejects while the engine is not there.
 */
export class EngineSql {
  readonly #socketPath: string;

  constructor(dataDir: string) {
    this.#socketPath = join(dataDir, "run", "engine.sock");
  }

  query<Row>(sql: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<Row[]> {
    const query = new URLSearchParams({ default_format: "JSONEachRow", wait_end_of_query: "1" });
    query.set("output_format_json_quote_64bit_integers", "0");
    for (const [name, value] of Object.entries(parameters)) query.set(`param_${name}`, String(value));
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    const options = { socketPath: this.#socketPath, method: "POST", path: `/?${query}` };
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("error", reject);
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => {
        if (response.statusCode !== 200) reject(new Error(text.trim()));
        else
          resolve(
            text
              .split("\n")
              .filter(Boolean)
              .map((line) => JSON.parse(line) as Row),
          );
      });
    });
    sent.on("error", reject);
    sent.end(sql);
    return promise;
  }

  async number(sql: string): Promise<number> {
    const [row] = await this.query<{ value: number }>(`SELECT (${sql}) AS value`);
    return Number(row?.value);
  }
}
