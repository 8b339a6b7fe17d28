import { Attributes } from "../genai/plain-value.ts";
import type { KeyValue } from "../otlp/model.ts";
import type { ZipkinJsonEndpoint } from "./zipkin-json.ts";

/** Attributes that name the service at the other end, the best first; those of `OUTGOING_NAMES` only for who calls. */
export const REMOTE_NAMES = ["service.peer.name", "peer.service"];
export const OUTGOING_NAMES = [
  "server.address",
  "net.peer.name",
  "messaging.system",
  "db.system.name",
  "db.system",
];

const REMOTE_ADDRESSES = ["network.peer.address", "net.sock.peer.addr", "net.peer.ip"];
const REMOTE_PORTS = ["network.peer.port", "net.sock.peer.port"];
const OUTGOING_PORTS = ["server.port", "net.peer.port"];
const LOCAL_ADDRESSES = ["network.local.address", "net.sock.host.addr", "net.host.ip"];
const LOCAL_PORTS = ["network.local.port", "net.sock.host.port", "net.host.port"];

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f]*:[0-9a-f:.]+$/i;

/** The process that made the span; undefined when nothing is known of it. */
export function localEndpoint(
  serviceName: string,
  attributes: readonly KeyValue[],
): ZipkinJsonEndpoint | undefined {
  const values = new Attributes(attributes);
  return endpoint(serviceName, textOf(values, LOCAL_ADDRESSES), values.first(...LOCAL_PORTS));
}

/** The other end; `isOutgoing` of spans that call or send, whose server is then the other end. */
export function remoteEndpoint(
  attributes: readonly KeyValue[],
  isOutgoing: boolean,
): ZipkinJsonEndpoint | undefined {
  const values = new Attributes(attributes);
  const name = textOf(values, isOutgoing ? [...REMOTE_NAMES, ...OUTGOING_NAMES] : REMOTE_NAMES);
  const ports = isOutgoing ? [...REMOTE_PORTS, ...OUTGOING_PORTS] : REMOTE_PORTS;
  return endpoint(name, textOf(values, REMOTE_ADDRESSES), values.first(...ports));
}

function endpoint(name: string, address: string, portValue: unknown): ZipkinJsonEndpoint | undefined {
  const port = Number(portValue ?? 0);
  const isNamed = name !== "" && !isAddress(name);
  const ip = isAddress(address) ? address : isNamed ? "" : name;
  const found = {
    ...(isNamed && { serviceName: name.toLowerCase() }),
    ...(IPV4.test(ip) && { ipv4: ip }),
    ...(IPV6.test(ip) && { ipv6: ip }),
    ...(Number.isInteger(port) && port > 0 && port <= 65_535 && { port }),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

function isAddress(text: string): boolean {
  return IPV4.test(text) || IPV6.test(text);
}

function textOf(values: Attributes, keys: readonly string[]): string {
  return String(values.first(...keys) ?? "");
}
