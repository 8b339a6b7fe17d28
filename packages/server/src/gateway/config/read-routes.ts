import { didYouMean } from "../../config/nearest.ts";
import type { Field } from "./fields.ts";
import type { Route, Target, Upstream } from "./gateway-config.ts";
import { API_PATHS } from "./known-providers.ts";
import { anyText, headerName, nonEmpty, routePath, truth, whole } from "./readings.ts";

const KEYS = ["name", "path", "model", "headers", "host", "strip_path", "to", "fallbacks"] as const;
const TARGET = "the name of an upstream, or a group of upstream, weight and model";

/** The routes of the file in their order, then those that follow from the upstreams. */
export function readRoutes(field: Field, upstreams: ReadonlyMap<string, Upstream>): Route[] {
  const given = field.items().map((each) => readRoute(each, upstreams));
  return [...given, ...impliedRoutes(upstreams)];
}

function readRoute(field: Field, upstreams: ReadonlyMap<string, Upstream>): Route {
  const fields = field.group(KEYS);
  const path = fields.path.as(routePath, "/");
  const headers = new Map<string, string>();
  for (const [name, each] of fields.headers.entries("a group of headers, each with a pattern of its value")) {
    if (headerName.read(name) === undefined) each.problem("is no name of a header");
    headers.set(name.toLowerCase(), each.as(anyText, "*"));
  }
  const targets = fields.to.items().flatMap((each) => readTarget(each, upstreams));
  if (fields.to.isAbsent || fields.to.items().length === 0) fields.to.missing(TARGET);
  else if (targets.length > 0 && targets.every(({ weight }) => weight === 0)) {
    fields.to.problem("has no target with a weight above 0");
  }
  return {
    name: fields.name.as(nonEmpty, path),
    path,
    models: fields.model.isAbsent ? undefined : fields.model.list(nonEmpty),
    headers,
    host: fields.host.as(nonEmpty, undefined)?.toLowerCase(),
    stripPath: fields.strip_path.as(truth, false),
    targets,
    fallbacks: fields.fallbacks.items().flatMap((each) => readTarget(each, upstreams)),
  };
}

function readTarget(field: Field, upstreams: ReadonlyMap<string, Upstream>): Target[] {
  const isName = typeof field.value === "string";
  const fields = isName ? undefined : field.group(["upstream", "weight", "model"]);
  const named = fields === undefined ? field : fields.upstream;
  if (named.isAbsent) {
    named.missing(TARGET);
    return [];
  }
  const upstream = named.as(nonEmpty, undefined);
  if (upstream === undefined) return [];
  if (!upstreams.has(upstream)) {
    const names = [...upstreams.keys()];
    const hint = didYouMean(upstream, names);
    named.problem(
      `is ${JSON.stringify(upstream)}, which is no upstream; those are ${names.join(", ")}${hint}`,
    );
    return [];
  }
  const weight = fields?.weight.as(whole(0, 1_000_000), 1) ?? 1;
  return [{ upstream, weight, model: fields?.model.as(nonEmpty, undefined) }];
}

/**
 * `/<upstream>/…` goes to the upstream, `/agents/<agent>/…` to the agent; other paths by their model, then by the API
 * that they belong to, and all of them where there is only one upstream.
 */
function impliedRoutes(upstreams: ReadonlyMap<string, Upstream>): Route[] {
  const routes: Route[] = [];
  const all = [...upstreams.values()];
  for (const { name, kind } of all) {
    routes.push(route(name, name, `/${name}`, true));
    if (kind === "agent") routes.push(route(name, name, `/agents/${name}`, true));
  }
  for (const { name, models } of all) {
    if (models.length > 0) routes.push({ ...route(`${name} by model`, name, "/", false), models });
  }
  const openModel = all.find(({ kind, models }) => kind === "model" && models.length === 0)?.name;
  for (const [path, preferred] of API_PATHS) {
    const name = upstreams.has(preferred) ? preferred : path === "/v1" ? openModel : undefined;
    if (name !== undefined) routes.push(route(`${name} by path`, name, path, false));
  }
  const [only] = all;
  if (all.length === 1 && only !== undefined) routes.push(route(only.name, only.name, "/", false));
  return routes;
}

function route(name: string, upstream: string, path: string, stripPath: boolean): Route {
  return {
    ...{ name, path, stripPath },
    models: undefined,
    headers: new Map(),
    host: undefined,
    targets: [{ upstream, weight: 1, model: undefined }],
    fallbacks: [],
  };
}
