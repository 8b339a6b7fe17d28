import type { Profile } from "./agent-spans.ts";
import { makeGroup, makeLargeTrace } from "./agent-traces.ts";
import { Random } from "./random.ts";
import { type SentTrace, Template, type TemplateBody } from "./template.ts";

/** Different requests before they repeat, but for their ids and times. */
const BODIES = 256;
const SPANS_PER_LARGE_TRACE_REQUEST = 100;

export interface GeneratorOptions {
  /** 20 or 100. */
  readonly spansPerRequest: number;
  readonly profile: Profile;
  readonly seed: number;
}

/** One request to send. */
export interface Outgoing extends TemplateBody {
  /**
   * Call when it was answered: until then its bytes stay as they are. Returns the traces of its group when it
   * was the last request of it; read them at once.
   */
  readonly release: () => SentTraces | undefined;
}

/** Traces whose spans have all been sent. */
export interface SentTraces {
  readonly count: number;
  readonly trace: (index: number) => SentTrace;
}

/**
 * Requests full of agent spans, made of a few hundred that were encoded beforehand. Times are those of the
 * moment `next` is called, or whatever `clock` says (Unix epoch, milliseconds).
 */
export class Generator {
  readonly #idle: Template[] = [];
  readonly #random: Random;
  readonly #clock: () => number;
  #ready: Outgoing[] = [];

  constructor(options: GeneratorOptions, clock: () => number = Date.now) {
    this.#random = new Random(options.seed ^ 0x5bd1e995);
    this.#clock = clock;
    for (let bodies = 0, seed = options.seed; bodies < BODIES; seed++) {
      const group = makeGroup(seed, options.spansPerRequest, options.profile);
      this.#idle.push(new Template(group.bodies, group.lengthMs, group.traces, group.testCases));
      bodies += group.bodies.length;
    }
  }

  /** Undefined when all requests are on their way. */
  next(): Outgoing | undefined {
    if (this.#ready.length === 0) {
      const template = this.#idle.shift();
      if (template === undefined) return undefined;
      template.stamp(this.#random, this.#clock());
      this.#ready = outgoing(template, () => this.#idle.push(template));
    }
    return this.#ready.shift();
  }
}

/** The requests of one trace with this many spans, to be sent once. */
export function largeTrace(spans: number): Outgoing[] {
  const bodies = makeLargeTrace(spans, SPANS_PER_LARGE_TRACE_REQUEST, 8);
  const template = new Template(bodies, spans, 1, [undefined]);
  template.stamp(new Random(Date.now()), Date.now());
  return outgoing(template, () => undefined);
}

function outgoing(template: Template, done: () => void): Outgoing[] {
  let waiting = template.bodies.length;
  const sent: SentTraces = { count: template.traces, trace: (index) => template.sent(index) };
  const release = (): SentTraces | undefined => {
    if (--waiting > 0) return undefined;
    done();
    return sent;
  };
  return template.bodies.map((body) => ({ ...body, release }));
}
