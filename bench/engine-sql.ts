import { request } from "node:http";
import { join } from "node:path";

/** A database server on this machine. */
export interface DatabaseAddress {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/**
 * Asks the database itself for what the API does not tell: parts, merges, exact counts. It is the engine of a data
 * folder, on its private socket, or a server. Rejects while it is not there.
 */
export class EngineSql {
  readonly #address: object;

  constructor(at: string | DatabaseAddress) {
    this.#address =
      typeof at === "string"
        ? { socketPath: join(at, "run", "engine.sock") }
        : { host: "127.0.0.1", port: at.port, auth: `${at.user}:${at.password}` };
  }

  query<Row>(sql: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<Row[]> {
    const query = new URLSearchParams({ default_format: "JSONEachRow", wait_end_of_query: "1" });
    query.set("output_format_json_quote_64bit_integers", "0");
    for (const [name, value] of Object.entries(parameters)) query.set(`param_${name}`, String(value));
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    const sent = request({ ...this.#address, method: "POST", path: `/?${query}` }, (response) => {
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
