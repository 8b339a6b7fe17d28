import type { Socket } from "node:net";

/** `address:port` of the other side, an IPv4 address in its own form; empty when it is gone already. */
export function peerOf(socket: Socket | undefined): string {
  const address = socket?.remoteAddress;
  if (address === undefined) return "";
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address;
  return `${plain.includes(":") ? `[${plain}]` : plain}:${socket?.remotePort ?? 0}`;
}
