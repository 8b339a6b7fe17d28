import { AllowedDestinations } from "@clew/protocol/context/allowed-destinations";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { type SpanMaker, spanMaker } from "../spans/http-span.ts";
import type { Capture } from "../understand/call.ts";
import { BodyBudget } from "./body-budget.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { Router } from "./router.ts";
import { UpstreamPool } from "./upstream-pool.ts";

/** One configuration at work. A request keeps the one that it came in with. */
export class Setup {
  readonly config: GatewayConfig;
  readonly parts: GatewayParts;
  readonly router: Router;
  readonly maker: SpanMaker;
  readonly capture: Capture;
  readonly bodies: BodyBudget;
  readonly #pools = new Map<string, UpstreamPool>();
  #active = 0;
  #isRetired = false;
  readonly #emptied = Promise.withResolvers<void>();

  constructor(config: GatewayConfig, parts: GatewayParts, version: string) {
    this.config = config;
    this.parts = parts;
    this.router = new Router(config.routes);
    this.maker = spanMaker(config.tracing, version);
    this.capture = { content: config.tracing.capture };
    this.bodies = new BodyBudget(config.limits.keptBodiesBytes);
    const allowed = new AllowedDestinations(config.tracing.propagateTo);
    for (const upstream of config.upstreams.values()) {
      this.#pools.set(upstream.name, new UpstreamPool(upstream, allowed));
    }
  }

  /** Of an upstream that the checked configuration names. */
  pool(upstream: string): UpstreamPool {
    const pool = this.#pools.get(upstream);
    if (pool === undefined) throw new TypeError(`There is no upstream ${upstream}`);
    return pool;
  }

  enter(): void {
    this.#active += 1;
  }

  leave(): void {
    this.#active -= 1;
    if (this.#isRetired && this.#active === 0) this.#end();
  }

  /** No request comes any more; resolves when those under way are done and the connections are closed. */
  retire(): Promise<void> {
    this.#isRetired = true;
    if (this.#active === 0) this.#end();
    return this.#emptied.promise;
  }

  #end(): void {
    for (const pool of this.#pools.values()) pool.close();
    this.#emptied.resolve();
  }
}
