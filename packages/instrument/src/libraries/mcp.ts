import type { Library } from "../library.ts";
import { instrumentationOf } from "../module-patch.ts";
import type { Settings } from "../settings.ts";
import { traceTransport } from "./mcp/connection.ts";
import type { Transport } from "./mcp/message.ts";

interface Connecting {
  connect(transport: Transport, ...rest: unknown[]): Promise<void>;
}

type ClassOf<T> = { readonly prototype: T };

/**
 * Clients and servers of the Model Context Protocol's TypeScript SDK, of both generations. Every message passes
 * through the transport that a client or server is connected to: that is where it gets and loses its context.
 */
export const mcp: Library = {
  name: "mcp",
  instrumentation: (settings) =>
    instrumentationOf("clew.mcp", [
      {
        module: "@modelcontextprotocol/sdk",
        versions: [">=1.0.0 <2"],
        files: ["dist/esm/shared/protocol.js", "dist/cjs/shared/protocol.js", "dist/shared/protocol.js"],
        patch: ({ Protocol }) => patchConnect(Protocol as ClassOf<Connecting>, settings),
      },
      {
        module: "@modelcontextprotocol/client",
        versions: [">=2.0.0 <3"],
        patch: ({ Client }) => patchConnect(baseOf(Client as ClassOf<Connecting>), settings),
      },
      {
        module: "@modelcontextprotocol/server",
        versions: [">=2.0.0 <3"],
        patch: ({ Server }) => patchConnect(baseOf(Server as ClassOf<Connecting>), settings),
      },
    ]),
};

/** The class whose `connect` takes the transport over; the classes that agents use call it. */
function baseOf(derived: ClassOf<Connecting>): ClassOf<Connecting> {
  const base = Object.getPrototypeOf(derived.prototype) as Connecting;
  return { prototype: typeof base.connect === "function" ? base : derived.prototype };
}

const patched = new WeakSet<object>();

function patchConnect({ prototype }: ClassOf<Connecting>, settings: Settings): void {
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const { connect } = prototype;
  prototype.connect = function (this: Connecting, transport: Transport, ...rest: unknown[]) {
    traceTransport(transport, settings);
    return connect.call(this, transport, ...rest);
  };
  Object.defineProperty(prototype, "connect", { enumerable: false });
}
