import type { IncomingHttpHeaders } from "node:http";
import type { Route, Target } from "../config/gateway-config.ts";
import { pathBelow } from "./request-path.ts";
import { wildcard } from "./wildcard.ts";

interface CompiledRoute {
  readonly route: Route;
  readonly models: readonly RegExp[] | undefined;
  readonly headers: readonly (readonly [name: string, pattern: RegExp])[];
}

/** Finds the route of a request: the first that fits. */
export class Router {
  readonly #routes: readonly CompiledRoute[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({
      route,
      models: route.models?.map(wildcard),
      headers: Array.from(route.headers, ([name, pattern]) => [name, wildcard(pattern)] as const),
    }));
  }

  find(path: string, headers: IncomingHttpHeaders, model: string | undefined): Route | undefined {
    return this.#routes.find(
      (each) =>
        fits(each, path, headers) &&
        (each.models === undefined ||
          (model !== undefined && each.models.some((pattern) => pattern.test(model)))),
    )?.route;
  }
}

/** One of the targets, each as often as its weight says; `chance` is from 0 to below 1. */
export function chooseTarget(targets: readonly Target[], chance: number): Target | undefined {
  const [first] = targets;
  if (targets.length < 2) return first;
  let left = chance * targets.reduce((sum, { weight }) => sum + weight, 0);
  for (const target of targets) {
    left -= target.weight;
    if (left < 0) return target;
  }
  return first;
}

function fits({ route, headers }: CompiledRoute, path: string, given: IncomingHttpHeaders): boolean {
  if (pathBelow(route.path, path) === undefined) return false;
  if (route.host !== undefined && route.host !== given.host?.replace(/:\d+$/, "").toLowerCase()) return false;
  return headers.every(([name, pattern]) => {
    const value = given[name];
    return value !== undefined && pattern.test(Array.isArray(value) ? value.join(", ") : value);
  });
}
