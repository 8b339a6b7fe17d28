import type { BlockList } from "node:net";

/** Loopback, and networks that are not reached from outside; link-local addresses are not among them. */
const PRIVATE_NETWORKS = [
  "127.0.0.0/8",
  "0.0.0.0/32",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "::1/128",
  "::/128",
  "fc00::/7",
];
const INTERNAL_SUFFIXES = ["localhost", "svc", "cluster.local", "internal", "local"];
const MAX_REMEMBERED = 1000;

/**
 * Hosts that may get trace context: loopback, private networks, names without a dot, names inside a cluster, and
 * what a list adds: `host.example`, `*.example` (which is `example` and all below it), `203.0.113.0/24`, `*`.
 */
export class AllowedDestinations {
  readonly #everything: boolean;
  readonly #names = new Set<string>();
  readonly #suffixes = new Set(INTERNAL_SUFFIXES);
  readonly #list: readonly string[];
  readonly #remembered = new Map<string, boolean>();

  #networks: BlockList | undefined;

  constructor(list: readonly string[] = []) {
    this.#everything = list.includes("*");
    this.#list = list;
  }

  /** `host` is a name or an address, without a port; nothing is resolved. */
  allows(host: string): boolean {
    if (this.#everything) return true;
    let allowed = this.#remembered.get(host);
    if (allowed === undefined) {
      allowed = this.#judge(host);
      if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(host, allowed);
    }
    return allowed;
  }

  #judge(host: string): boolean {
    const { BlockList, isIP } = net();
    if (this.#networks === undefined) {
      this.#networks = new BlockList();
      for (const element of [...PRIVATE_NETWORKS, ...this.#list]) this.#add(element.toLowerCase());
    }
    const name = canonicalHost(host);
    const version = isIP(name);
    if (version !== 0) return this.#networks.check(name, version === 4 ? "ipv4" : "ipv6");
    if (name === "") return false;
    if (!name.includes(".") || this.#names.has(name)) return true;
    for (let dot = 0; dot !== -1; dot = name.indexOf(".", dot + 1)) {
      if (this.#suffixes.has(name.slice(dot === 0 ? 0 : dot + 1))) return true;
    }
    return false;
  }

  #add(element: string): void {
    const [address = "", bits = ""] = element.split("/");
    const version = net().isIP(address);
    if (version !== 0) this.#addNetwork(address, bits, version);
    else if (element.startsWith("*.")) this.#suffixes.add(canonicalHost(element.slice(2)));
    else this.#names.add(canonicalHost(element));
  }

  #addNetwork(address: string, bits: string, version: number): void {
    const most = version === 4 ? 32 : 128;
    const prefix = bits === "" ? most : Number(bits);
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) return;
    this.#networks?.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
  }
}

/** A program that calls nobody does not load it. */
function net(): typeof import("node:net") {
  return process.getBuiltinModule("node:net");
}

/**
 * Lower case, without brackets, zone and the dot at the end; numbers in any notation that the system's resolver
 * reads as an address are that address. Empty for what is no host.
 */
function canonicalHost(host: string): string {
  const bare = host
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/s, "")
    .replace(/\.$/, "");
  if (net().isIP(bare) !== 0) return bare;
  if (!/^[^\s/@?#\\:%]+$/.test(bare) || bare.startsWith(".") || bare.includes("..") || bare.endsWith("."))
    return "";
  return process.getBuiltinModule("node:url").domainToASCII(bare);
}
