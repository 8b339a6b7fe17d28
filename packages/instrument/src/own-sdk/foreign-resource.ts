import type { ResourceLike } from "../export/batch.ts";

interface AnyResource extends ResourceLike {
  readonly asyncAttributesPending?: boolean | undefined;
  getRawAttributes?(): [string, unknown][];
}

/**
 * The resource of an agent's own provider over ours: what it says of the service holds, unless it is only what an
 * SDK says when nobody named the service.
 */
export class ForeignResource implements ResourceLike {
  readonly #own: ResourceLike;
  readonly #foreign: AnyResource;

  constructor(own: ResourceLike, foreign: ResourceLike) {
    this.#own = own;
    this.#foreign = foreign;
  }

  get attributes(): Readonly<Record<string, unknown>> {
    const foreign = Object.entries(this.#settled()).filter(
      ([key, value]) => key !== "service.name" || !String(value).startsWith("unknown_service"),
    );
    return { ...this.#own.attributes, ...Object.fromEntries(foreign) };
  }

  /** An SDK complains when it is asked before its detectors are done. Of what it has twice the first holds. */
  #settled(): Readonly<Record<string, unknown>> {
    const resource = this.#foreign;
    if (resource.asyncAttributesPending !== true) return resource.attributes;
    const raw = resource.getRawAttributes?.() ?? [];
    return Object.fromEntries(
      raw.toReversed().filter(([, value]) => typeof value !== "object" || Array.isArray(value)),
    );
  }
}
