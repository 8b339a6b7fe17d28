import { formatByteSize, parseByteSize } from "../../config/byte-size.ts";
import type { Reading } from "./fields.ts";

export const port: Reading<number> = whole(0, 65_535, "; 0 picks a free port");

export const anyText: Reading<string> = { allowed: "a text", read: (text) => text };

export const nonEmpty: Reading<string> = {
  allowed: "a text that is not empty",
  read: (text) => (text.trim() === "" ? undefined : text),
};

export const truth: Reading<boolean> = {
  allowed: "true or false",
  read: (text) => ({ true: true, yes: true, on: true, false: false, no: false, off: false })[text],
};

export const token: Reading<string> = {
  allowed: "at least 8 visible ASCII characters without a space",
  read: (text) => (/^[\x21-\x7e]{8,}$/.test(text) ? text : undefined),
  isSecret: true,
};

/** Of HTTP: no end of line can come in. */
export const headerValue: Reading<string> = {
  allowed: "a text of visible ASCII characters and spaces",
  read: (text) => (/^[\t\x20-\x7e]*$/.test(text) ? text.trim() : undefined),
  isSecret: true,
};

export const headerName: Reading<string> = {
  allowed: "the name of a header, or its beginning",
  read: (text) => (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text) ? text.toLowerCase() : undefined),
};

export const percent: Reading<number> = {
  allowed: "a number from 0 to 100",
  read: (text) => {
    const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    return value >= 0 && value <= 100 ? value : undefined;
  },
};

export function whole(min: number, max: number, more = ""): Reading<number> {
  return {
    allowed: `a whole number from ${min} to ${max}${more}`,
    read: (text) => {
      const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function oneOf<const Word extends string>(...words: readonly Word[]): Reading<Word> {
  const last = words.at(-1) ?? "";
  return {
    allowed: words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`,
    read: (text) => words.find((word) => word === text),
  };
}

export function bytes(min: number, max: number): Reading<number> {
  return {
    allowed: `a number of bytes such as 4MiB, from ${formatByteSize(min)} to ${formatByteSize(max)}`,
    read: (text) => {
      const value = parseByteSize(text);
      return value !== undefined && value >= min && value <= max ? value : undefined;
    },
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds. */
export function duration(minMs: number, max: string): Reading<number> {
  const maxMs = durationMs(max) ?? 0;
  return {
    allowed: `a length of time such as 500ms, 30s or 10m, at most ${max}`,
    read: (text) => {
      const value = durationMs(text);
      return value !== undefined && value >= minMs && value <= maxMs ? value : undefined;
    },
  };
}

function durationMs(text: string): number | undefined {
  const [, digits, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : Math.round(Number(digits) * (UNITS_MS[unit] ?? 1));
}

/** Without credentials, query and fragment: those would end up where addresses are shown. */
export const baseUrl: Reading<URL> = {
  allowed: "an address such as https://api.example.com, without user, password, query and fragment",
  read: (text) => {
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") return undefined;
    return url.username + url.password + url.search + url.hash === "" ? url : undefined;
  },
};

export const routePath: Reading<string> = {
  allowed: "the beginning of a path such as /v1, in whole segments",
  read: (text) =>
    /^\/[^\s?#]*$/.test(text) && !/(^|\/)\.{1,2}(\/|$)/.test(text)
      ? text.replace(/(.)\/+$/, "$1")
      : undefined,
};
