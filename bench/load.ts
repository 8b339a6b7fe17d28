/**
 * The load process: sends spans as a `LoadPlan` says and counts every answer. Its plan is the JSON in its
 * first argument; it reports to the parent it was forked from, or prints the result when it has none:
 *
 *     node bench/load.ts '{"protocol":"grpc","port":4317,"spansPerRequest":100,"rate":1000,"seconds":5}'
 */
import { Generator, largeTrace, type Outgoing, type SentTraces } from "./generator.ts";
import { GrpcSender } from "./grpc-sender.ts";
import { HttpSender } from "./http-sender.ts";
import type { LoadMessage, LoadOrder, LoadPlan, LoadResult } from "./load-plan.ts";
import { quantile } from "./quantiles.ts";
import type { Answer, Sender } from "./sender.ts";
import type { SentTrace } from "./template.ts";

const DEFAULTS = { profile: "plain", seed: 1, inFlight: 16, connections: 4 } as const;
const PROGRESS_MS = 250;

class Load {
  readonly #plan: LoadPlan;
  readonly #sender: Sender;
  readonly #next: () => Outgoing | undefined;
  readonly #finished = Promise.withResolvers<void>();
  readonly #latencies: number[] = [];
  readonly #kept: SentTrace[] = [];
  readonly #refusals: Record<string, number> = {};
  #startedAt = 0;
  #sentSpans = 0;
  #acknowledgedSpans = 0;
  #rejectedSpans = 0;
  #refusedSpans = 0;
  #underWay = 0;
  #stopping = false;
  #announced = 0;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    const { port, connections } = plan;
    this.#sender =
      plan.protocol === "grpc" ? new GrpcSender(port, connections) : new HttpSender(port, connections);
    if (plan.largeTrace === true) {
      const requests = largeTrace(plan.spans ?? 0);
      this.#next = () => requests.shift();
    } else {
      const generator = new Generator(plan, () => this.#now());
      this.#next = () => generator.next();
    }
  }

  stop(): void {
    this.#stopping = true;
    this.#finishWhenIdle();
  }

  async run(): Promise<LoadResult> {
    const before = process.cpuUsage();
    const { seconds, rate } = this.#plan;
    this.#startedAt = performance.now();
    const timer = seconds === undefined ? undefined : setTimeout(() => this.stop(), seconds * 1000);
    const progress = setInterval(() => this.#report(), PROGRESS_MS);
    if (rate === undefined) while (!this.#full() && this.#sendOne(performance.now())) {}
    else this.#keepRate(rate);
    await this.#finished.promise;
    const endedAt = performance.now();
    clearTimeout(timer);
    clearInterval(progress);
    this.#sender.close();
    const { user, system } = process.cpuUsage(before);
    const latencies = Float64Array.from(this.#latencies);
    return {
      sentSpans: this.#sentSpans,
      acknowledgedSpans: this.#acknowledgedSpans,
      rejectedSpans: this.#rejectedSpans,
      refusals: this.#refusals,
      refusedSpans: this.#refusedSpans,
      seconds: (endedAt - this.#startedAt) / 1000,
      latency: {
        p50: quantile(latencies, 0.5),
        p95: quantile(latencies, 0.95),
        p99: quantile(latencies, 0.99),
        max: quantile(latencies, 1),
      },
      kept: this.#kept,
      cpuSeconds: (user + system) / 1e6,
    };
  }

  /** Time of the spans that are sent now, in epoch milliseconds. */
  #now(): number {
    const { clock, spans } = this.#plan;
    if (clock === undefined) return performance.timeOrigin + performance.now();
    return clock.fromMs + (clock.toMs - clock.fromMs) * (this.#sentSpans / (spans ?? 1));
  }

  /** Sends what is due, a little late at most, and catches up when answers were slow. */
  #keepRate(rate: number): void {
    const intervalMs = (this.#plan.spansPerRequest / rate) * 1000;
    let dueAt = performance.now();
    const tick = (): void => {
      if (this.#done()) return;
      const now = performance.now();
      while (dueAt <= now && !this.#full() && this.#sendOne(dueAt)) dueAt += intervalMs;
      setTimeout(tick, 1);
    };
    tick();
  }

  #full(): boolean {
    return this.#underWay >= this.#plan.inFlight;
  }

  #done(): boolean {
    return this.#stopping || this.#sentSpans >= (this.#plan.spans ?? Number.POSITIVE_INFINITY);
  }

  /** False when there is nothing to send. */
  #sendOne(dueAt: number): boolean {
    const request = this.#done() ? undefined : this.#next();
    if (request === undefined) return false;
    this.#sentSpans += request.spans;
    this.#underWay++;
    this.#sender.send(request, (answer) => this.#answered(request, dueAt, answer));
    return true;
  }

  #answered(request: Outgoing, dueAt: number, answer: Answer): void {
    this.#underWay--;
    this.#latencies.push(performance.now() - dueAt);
    if (answer.ok) {
      this.#acknowledgedSpans += request.spans - answer.rejectedSpans;
      this.#rejectedSpans += answer.rejectedSpans;
    } else this.#refusedSpans += request.spans;
    if (answer.message !== "") this.#refusals[answer.message] = (this.#refusals[answer.message] ?? 0) + 1;
    const sent = request.release();
    if (sent !== undefined && this.#refusedSpans === 0) this.#note(sent);
    if (this.#plan.rate === undefined) this.#sendOne(performance.now());
    this.#finishWhenIdle();
  }

  #finishWhenIdle(): void {
    if (this.#underWay === 0 && this.#done()) this.#finished.resolve();
  }

  /** Keeps a trace now and then, and tells of one now and then. */
  #note(sent: SentTraces): void {
    const { keep = 0, announce = 0, spans, seconds } = this.#plan;
    const passedS = (performance.now() - this.#startedAt) / 1000;
    const share = spans === undefined ? passedS / (seconds ?? 1) : this.#sentSpans / spans;
    if (this.#kept.length < keep * share) this.#kept.push(sent.trace(this.#kept.length % sent.count));
    if (this.#announced < announce * passedS) {
      const trace = sent.trace(this.#announced++ % sent.count);
      tell({ type: "acknowledged", trace, atMs: performance.timeOrigin + performance.now() });
    }
  }

  #report(): void {
    tell({
      type: "progress",
      acknowledgedSpans: this.#acknowledgedSpans,
      refusedSpans: this.#refusedSpans,
    });
  }
}

function tell(message: LoadMessage): void {
  process.send?.(message);
}

async function main(): Promise<void> {
  const plan = { ...DEFAULTS, ...(JSON.parse(process.argv[2] ?? "{}") as LoadPlan) };
  const load = new Load(plan);
  if (process.send === undefined) {
    console.log(JSON.stringify({ ...(await load.run()), kept: undefined }, undefined, 2));
    return;
  }
  process.on("disconnect", () => process.exit(1));
  process.on("message", (order: LoadOrder) => {
    if (order.type === "stop") load.stop();
    else
      void load
        .run()
        .then((result) => process.send?.({ type: "result", result }, () => process.disconnect()));
  });
  tell({ type: "ready" });
}

await main();
