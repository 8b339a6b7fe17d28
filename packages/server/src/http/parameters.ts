import { type ZodType, z } from "zod";
import { DURATION_ALLOWED, parseDuration } from "./duration.ts";
import { InvalidParameter } from "./http-errors.ts";
import { MOMENT_ALLOWED, parseMoment } from "./moment.ts";

/** What people are told a parameter must be; completes "it must be …". */
const allowed = z.registry<{ readonly allowed: string }>();

const MOST_VALUES = 100;
const MOST_LENGTH = 4096;

/** Any of several texts; given more than once, each of them. */
export function texts() {
  return z
    .array(z.string().min(1).max(MOST_LENGTH))
    .max(MOST_VALUES)
    .optional()
    .register(allowed, {
      allowed: `a text of 1 to ${MOST_LENGTH} characters, given at most ${MOST_VALUES} times`,
    });
}

export function text() {
  return one(z.string().trim().min(1).max(MOST_LENGTH)).register(allowed, {
    allowed: `a text of 1 to ${MOST_LENGTH} characters`,
  });
}

/** A text that is checked where it is read. */
export function longText() {
  return one(z.string()).register(allowed, { allowed: "a text" });
}

export function choice<const Names extends readonly [string, ...string[]]>(...names: Names) {
  return one(z.enum(names)).register(allowed, { allowed: names.join(" or ") });
}

export function wholeNumber(min: number, max: number) {
  const digits = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number);
  return one(digits.pipe(z.int().min(min).max(max))).register(allowed, {
    allowed: `a whole number from ${min} to ${max}`,
  });
}

/** Nanoseconds. */
export function duration() {
  return one(parsed(parseDuration)).register(allowed, { allowed: DURATION_ALLOWED });
}

/** Nanoseconds since the epoch. */
export function moment() {
  return one(parsed((value) => parseMoment(value, Date.now()))).register(allowed, {
    allowed: MOMENT_ALLOWED,
  });
}

/** Reads parameters by a schema of the fields above. Throws `InvalidParameter`; unknown ones are refused too. */
export function readParameters<Shape extends Record<string, ZodType>>(
  shape: Shape,
  query: URLSearchParams,
): z.output<z.ZodObject<Shape>> {
  const given: Record<string, string[]> = {};
  for (const [name, value] of query) {
    if (!Object.hasOwn(shape, name)) {
      const known = Object.keys(shape).join(", ");
      throw new InvalidParameter(
        name,
        `is not known here; ${known === "" ? "nothing is" : `known are ${known}`}`,
      );
    }
    (given[name] ??= []).push(value);
  }
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  const name = String(result.error.issues[0]?.path[0] ?? "");
  throw refused(name, given[name] ?? [], shape[name]);
}

function refused(name: string, values: readonly string[], field: ZodType | undefined): InvalidParameter {
  const mustBe = field && allowed.get(field)?.allowed;
  const shown = values.map((value) => JSON.stringify(value.slice(0, 100))).join(", ");
  const once = values.length > 1 ? " and may be given once" : "";
  return new InvalidParameter(name, `is ${shown}, which is not allowed; it must be ${mustBe}${once}`);
}

function one<Output>(value: ZodType<Output, string>) {
  return z
    .array(z.string())
    .length(1)
    .transform((values) => values[0]!)
    .pipe(value)
    .optional();
}

function parsed<Output>(parse: (value: string) => Output | undefined) {
  return z.string().transform((value, context) => {
    const output = parse(value);
    if (output === undefined) context.addIssue("not allowed");
    return output as Output;
  });
}
