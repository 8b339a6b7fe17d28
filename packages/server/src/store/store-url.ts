export interface StoreUrl {
  /** Of the HTTP interface, without path and credentials. */
  readonly url: URL;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  /** For people: the address without the password. */
  readonly location: string;
}

const PROTOCOLS: Readonly<Record<string, { readonly http: string; readonly port: string }>> = {
  "clickhouse:": { http: "http:", port: "8123" },
  "clickhouses:": { http: "https:", port: "8443" },
};

/**
 * Reads `clickhouse://user:password@host:8123/database`, `clickhouses:` for TLS; every part but the host may
 * be left out. Throws `TypeError` for anything else, with a message that does not repeat the password.
 */
export function parseStoreUrl(text: string): StoreUrl {
  const given = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = given && PROTOCOLS[given.protocol];
  if (protocol === undefined || given?.hostname === undefined || given.hostname === "") {
    throw new TypeError("A store's URL looks like clickhouse://user:password@host:8123/database");
  }
  const host = `${given.hostname}:${given.port || protocol.port}`;
  const database = decodeURIComponent(given.pathname.slice(1)) || "default";
  return {
    url: new URL(`${protocol.http}//${host}`),
    database,
    username: decodeURIComponent(given.username) || "default",
    password: decodeURIComponent(given.password),
    location: `${given.protocol}//${host}/${database}`,
  };
}
