import type { Context, Hono } from "hono";
import type { AttributeLevel } from "../../../query/compatible/attribute-keys.ts";
import type { FieldValue, ValuesField } from "../../../query/compatible/field-values.ts";
import { unfinishedFilterMatch } from "../../../query/compatible/filter-match.ts";
import { EVER, type Stretch } from "../../../query/compatible/newest-spans.ts";
import { answerJson } from "../../answer-json.ts";
import type { ApiEnv } from "../../api-options.ts";
import { InvalidParameter } from "../../http-errors.ts";
import { whileWanted } from "../../request-signal.ts";
import type { CompatibleContext } from "../compatible-routes.ts";
import { QueryValues } from "../query-values.ts";
import { INTRINSIC_TAGS, plainTagField, tagField } from "./tempo-field.ts";

/** Scopes as Tempo orders them, and the levels they are stored as. */
const LEVELS: ReadonlyMap<string, AttributeLevel> = new Map([
  ["event", "event"],
  ["instrumentation", "scope"],
  ["link", "link"],
  ["resource", "resource"],
  ["span", "span"],
]);
const MOST = 10_000;
const DEFAULT_MOST = 1000;
const SECOND = 1_000_000_000n;

/** Fields with a few values that are known beforehand. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  "span:status": ["ok", "error", "unset"],
  "span:kind": ["client", "server", "producer", "consumer", "internal", "unspecified"],
};

interface Tags {
  readonly name: string;
  readonly tags: readonly string[];
}

/** Names of attributes and their values, which Grafana completes queries with. */
export function tempoTagRoutes(app: Hono<ApiEnv>, { queries, signals }: CompatibleContext): void {
  const scopes = async (context: Context): Promise<Tags[]> => {
    const values = new QueryValues(context.req.url);
    readStretch(values);
    const scope = values.text("scope") ?? "none";
    const isAll = scope === "none" || scope === "all";
    const level = LEVELS.get(scope);
    if (!isAll && scope !== "intrinsic" && level === undefined) {
      const allowed = [...LEVELS.keys(), "intrinsic"].join(" or ");
      throw new InvalidParameter("scope", `is ${JSON.stringify(scope.slice(0, 100))}; it must be ${allowed}`);
    }
    const most = values.wholeNumber("limit", 0, MOST) || MOST;
    const levels = isAll ? [...LEVELS.values()] : level === undefined ? [] : [level];
    const keys = await whileWanted(context, signals, (signal) => queries.attributeKeys(levels, most, signal));
    const found: Tags[] = [...LEVELS].map(([name, of]) => ({ name, tags: keys.get(of) ?? [] }));
    if (isAll || scope === "intrinsic")
      found.push({ name: "intrinsic", tags: INTRINSIC_TAGS.slice(0, most) });
    return found.filter(({ tags }) => tags.length > 0);
  };

  const values = (context: Context, field: ValuesField): Promise<FieldValue[]> => {
    const parameters = new QueryValues(context.req.url);
    const stretch = readStretch(parameters);
    const match = unfinishedFilterMatch(parameters.text("q") ?? "{}");
    const isNarrowed = Object.keys(match).length > 0;
    const most = parameters.wholeNumber("limit", 0, MOST) || DEFAULT_MOST;
    return whileWanted(context, signals, (signal) =>
      queries.fieldValues({
        ...{ field, most, signal },
        ...(stretch && { stretch }),
        ...(isNarrowed && { match }),
      }),
    );
  };

  app.get("/tempo/api/search/tags", async (context) => {
    const found = await scopes(context);
    const isAsked = (new QueryValues(context.req.url).text("scope") ?? "none") !== "none";
    const listed = found.filter(({ name }) => isAsked || name === "span" || name === "resource");
    const tagNames = [...new Set(listed.flatMap(({ tags }) => tags))].sort();
    return answerJson(context, { tagNames, metrics: {} });
  });

  app.get("/tempo/api/v2/search/tags", async (context) =>
    answerJson(context, { scopes: await scopes(context), metrics: {} }),
  );

  app.get("/tempo/api/search/tag/:tag/values", async (context) => {
    const field = plainTagField(context.req.param("tag"));
    const keywords = keywordsOf(field);
    const found = keywords ?? (await values(context, field)).map(({ value }) => value);
    return answerJson(context, { tagValues: found, metrics: {} });
  });

  app.get("/tempo/api/v2/search/tag/:tag/values", async (context) => {
    const field = tagField(context.req.param("tag"));
    const keywords = keywordsOf(field)?.map((value) => ({ type: "keyword", value }));
    return answerJson(context, { tagValues: keywords ?? (await values(context, field)), metrics: {} });
  });
}

function keywordsOf(field: ValuesField): readonly string[] | undefined {
  return field.kind === "intrinsic" ? KEYWORDS[field.name] : undefined;
}

/** When `start` or `end`, in seconds, are given. Throws `InvalidParameter`. */
export function readStretch(values: QueryValues): Stretch | undefined {
  const start = values.count("start", SECOND, "seconds") || undefined;
  const end = values.count("end", SECOND, "seconds") || undefined;
  if (start === undefined && end === undefined) return undefined;
  const stretch = { fromNs: start ?? EVER.fromNs, toNs: end ?? EVER.toNs };
  if (stretch.fromNs >= stretch.toNs) throw new InvalidParameter("start", "must be before end");
  return stretch;
}
