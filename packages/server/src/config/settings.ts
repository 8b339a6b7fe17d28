import { z } from "zod";
import { formatByteSize, parseByteSize } from "./byte-size.ts";

/** What people are told about a setting. */
interface SettingText {
  readonly meaning: string;
  /** Completes "it must be …". */
  readonly allowed: string;
  /** Stands for the value in the help of a flag. */
  readonly placeholder?: string;
  /** Where the schema's own default does not say it. */
  readonly defaultText?: string;
  /** Never shown in messages or logs. */
  readonly secret?: boolean;
  /** A file or folder; relative to the configuration file where that names it, else to the working folder. */
  readonly isPath?: boolean;
}

const texts = z.registry<SettingText>();

const fromText = (read: (text: string) => unknown) => (value: unknown) =>
  typeof value === "string" ? (read(value) ?? value) : value;

const wholeNumber = fromText((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : undefined));
const truth = fromText(
  (text) =>
    ({ true: true, yes: true, on: true, 1: true, false: false, no: false, off: false, 0: false })[text],
);
const list = fromText((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean),
);

function port(number: number, meaning: string) {
  const allowed = "a whole number from 0 to 65535; 0 picks a free port";
  return z
    .preprocess(wholeNumber, z.int().min(0).max(65_535))
    .default(number)
    .register(texts, { meaning, allowed, placeholder: "port" });
}

function size(min: number, max: number) {
  return z.preprocess(fromText(parseByteSize), z.int().min(min).max(max));
}

const sizeBetween = (min: number, max: number): string =>
  `a number of bytes such as 64MiB or 2GB, from ${formatByteSize(min)} to ${formatByteSize(max)}`;

const flag = (meaning: string) =>
  z.preprocess(truth, z.boolean()).default(false).register(texts, { meaning, allowed: "true or false" });

const path = (text: Omit<SettingText, "isPath" | "allowed">, allowed: string) =>
  z
    .string()
    .min(1)
    .optional()
    .register(texts, { placeholder: "file", ...text, allowed, isPath: true });

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** Every setting of `clew serve`. A setting is a field here and nothing else: file, environment, flag and guide follow. */
export const settingsSchema = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").register(texts, {
    meaning: "Address to listen on. Beyond loopback a token is required, unless `insecure` says otherwise.",
    allowed: "an IP address or a host name",
    placeholder: "address",
  }),
  grpcPort: port(4317, "Port of OTLP over gRPC."),
  httpPort: port(4318, "Port of OTLP over HTTP and of Zipkin."),
  apiPort: port(4319, "Port of the user interface and the API."),
  dataDir: path(
    {
      placeholder: "folder",
      meaning: "Folder of the durable log and the embedded store.",
      defaultText: "XDG data home + `/clew`",
    },
    "a folder this user can write to",
  ),
  store: z
    .string()
    .regex(/^(embedded$|clickhouses?:\/\/[^/])/)
    .default("embedded")
    .register(texts, {
      meaning:
        "Where spans are stored: in an engine of its own below `dataDir`, or in a database server or cluster. " +
        "A password belongs into the file or the environment: others can read command lines.",
      allowed: "embedded or clickhouse://user:password@host:8123/database, with clickhouses:// for TLS",
      placeholder: "url",
      secret: true,
    }),
  cluster: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional()
    .register(texts, {
      meaning:
        "Name of the cluster whose every node gets the tables, as the database's own configuration calls it.",
      allowed: "a name of letters, digits, `_`, `-` and `.`",
      placeholder: "name",
      defaultText: "one server",
    }),
  token: z
    .string()
    .regex(/^[\x21-\x7e]{8,}$/)
    .optional()
    .register(texts, {
      meaning: "Secret that senders and readers must present as `Authorization: Bearer TOKEN`.",
      allowed: "at least 8 visible ASCII characters without a space",
      defaultText: "none is asked for",
      secret: true,
    }),
  insecure: flag("Allows listening beyond loopback without a token."),
  tls: z
    .strictObject({
      cert: path(
        { meaning: "Certificate chain, PEM; all ports then speak TLS.", defaultText: "no TLS" },
        "a file",
      ),
      key: path({ meaning: "Private key of the certificate, PEM.", defaultText: "no TLS" }, "a file"),
    })
    .prefault({}),
  cors: z
    .strictObject({
      origins: z
        .preprocess(list, z.array(z.string().regex(/^(\*|https?:\/\/[^/\s]+)$/)))
        .default([])
        .register(texts, {
          meaning: "Pages of other origins that may send spans and read the API from a browser.",
          allowed: "a list of origins such as https://app.example.com, or * for all",
          placeholder: "origins",
          defaultText: "none",
        }),
    })
    .prefault({}),
  maxBodyBytes: size(KIB, GIB)
    .default(64 * MIB)
    .register(texts, {
      meaning: "Largest request that is received, after decompression.",
      allowed: sizeBetween(KIB, GIB),
      placeholder: "size",
    }),
  maxLogBytes: size(64 * MIB, 16 * TIB)
    .default(2 * GIB)
    .register(texts, {
      meaning:
        "What the durable log may hold while the store is slow or down; beyond it senders are asked to wait.",
      allowed: sizeBetween(64 * MIB, 16 * TIB),
      placeholder: "size",
    }),
  retention: z
    .strictObject({
      days: z.preprocess(wholeNumber, z.int().min(1).max(36_500)).default(30).register(texts, {
        meaning: "Days that spans, logs and metrics are kept after they were received.",
        allowed: "a whole number from 1 to 36500",
        placeholder: "days",
      }),
      maxBytes: size(64 * MIB, 1024 * TIB)
        .optional()
        .register(texts, {
          meaning: "Disk the store may use; the oldest days go first.",
          allowed: sizeBetween(64 * MIB, 1024 * TIB),
          placeholder: "size",
          defaultText: "no limit",
        }),
    })
    .prefault({}),
  promptIndex: flag(
    "Indexes the words of prompts and completions: faster text search for about half as much disk again.",
  ),
  pricesFile: path(
    { meaning: "Model prices that replace or add to the built-in ones.", defaultText: "built-in prices" },
    "a JSON file",
  ),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info").register(texts, {
    meaning: "How much the server says about itself, on standard error.",
    allowed: "trace, debug, info, warn, error or silent",
    placeholder: "level",
  }),
});

/** The settings after checking, before paths and defaults that depend on the machine are filled in. */
export type Settings = z.output<typeof settingsSchema>;

/** One setting and its names. */
export interface Setting extends SettingText {
  /** As in the file, e.g. `retention.days`. */
  readonly key: string;
  /** `CLEW_RETENTION_DAYS` */
  readonly variable: string;
  /** `retention-days`; undefined for what has no flag. */
  readonly flag: string | undefined;
  readonly kind: "boolean" | "value";
  readonly default: unknown;
}

function collect(shape: Readonly<Record<string, z.core.$ZodType>>, prefix: string): Setting[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const key = prefix + name;
    if (schema instanceof z.ZodPrefault) {
      return collect((schema.unwrap() as z.ZodObject).shape, `${key}.`);
    }
    const text = texts.get(schema);
    if (text === undefined) throw new TypeError(`The setting ${key} says nothing about itself`);
    const words = key.split(/\.|(?=[A-Z])/).map((word) => word.toLowerCase());
    const fallback = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
    return [
      {
        ...text,
        key,
        variable: `CLEW_${words.join("_").toUpperCase()}`,
        // Other users can read command lines.
        flag: key === "token" ? undefined : words.join("-"),
        kind: typeof fallback === "boolean" ? "boolean" : "value",
        default: fallback,
      } satisfies Setting,
    ];
  });
}

/** Every setting, in the order of the guide. */
export const SETTINGS: readonly Setting[] = collect(settingsSchema.shape, "");
