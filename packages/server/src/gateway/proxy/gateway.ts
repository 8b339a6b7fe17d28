import type { GatewayConfig, Listener } from "../config/gateway-config.ts";
import { randomSpanId } from "../context/random-ids.ts";
import { Callers } from "./callers.ts";
import { Front, type Load } from "./front.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { listen, type OpenListener } from "./listen.ts";
import { Setup } from "./setup.ts";

/** All listeners with the configuration that new requests get. */
export class Gateway {
  readonly #version: string;
  readonly #callers = new Callers();
  readonly #load: Load = { active: 0 };
  readonly #via = `1.1 clew-${randomSpanId().slice(0, 8)}`;
  #listeners: readonly OpenListener[] = [];
  #setup: Setup;
  #isClosing = false;

  private constructor(setup: Setup, version: string) {
    this.#setup = setup;
    this.#version = version;
  }

  /** Resolves when all ports are open; rejects with `GatewayPortTaken` or `GatewayListenFailed`, and none is left open. */
  static async start(config: GatewayConfig, parts: GatewayParts, version: string): Promise<Gateway> {
    const gateway = new Gateway(new Setup(config, parts, version), version);
    gateway.#listeners = await gateway.#openAll(config.listeners, []);
    return gateway;
  }

  /** Of the listeners, in their order, for programs on the same machine. */
  get urls(): readonly string[] {
    return this.#listeners.map(({ url }) => url);
  }

  /**
   * New requests get the new configuration, those under way keep theirs; listeners that stay the same stay open.
   * Rejects as `start` does, and then all is as it was. Resolves to what tells when the old one is out of use.
   */
  async reload(config: GatewayConfig, parts: GatewayParts): Promise<{ readonly retired: Promise<void> }> {
    const next = new Setup(config, parts, this.#version);
    const before = this.#listeners;
    const after = await this.#openAll(config.listeners, before);
    const old = this.#setup;
    this.#setup = next;
    this.#listeners = after;
    const gone = before.filter((each) => !after.includes(each));
    for (const each of gone) void each.close(old.config.limits.drainMs);
    return { retired: old.retire() };
  }

  /** Takes no new request, lets those under way end as long as `drainMs` says, and closes. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const { drainMs } = this.#setup.config.limits;
    await Promise.all(this.#listeners.map((each) => each.close(drainMs)));
    await this.#setup.retire();
  }

  async #openAll(wanted: readonly Listener[], present: readonly OpenListener[]): Promise<OpenListener[]> {
    const opened: OpenListener[] = [];
    const all: OpenListener[] = [];
    try {
      for (const listener of wanted) {
        const same = present.find((each) => isSame(each.listener, listener));
        same?.renewTls(listener);
        const open = same ?? (await this.#open(listener));
        if (same === undefined) opened.push(open);
        all.push(open);
      }
      return all;
    } catch (error) {
      await Promise.all(opened.map((each) => each.close(0)));
      throw error;
    }
  }

  #open(listener: Listener): Promise<OpenListener> {
    const front = new Front({
      listener,
      setup: () => this.#setup,
      callers: this.#callers,
      load: this.#load,
      isClosing: () => this.#isClosing,
      via: this.#via,
    });
    return listen(listener, front.handle);
  }
}

function isSame(a: Listener, b: Listener): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
