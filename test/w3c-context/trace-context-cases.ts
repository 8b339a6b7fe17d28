/** A header as it is sent: case and spaces count. */
export type Header = readonly [name: string, value: string];

export interface Sent {
  readonly headers: readonly Header[];
  /** Requests that the service makes on account of this one; default 1. */
  readonly calls?: number;
  /** Whether these requests are of the trace that came in. */
  readonly trace: "continued" | "new";
  /** Their `tracestate`; default none. */
  readonly tracestate?: string;
  /** Their flags; default is not looked at. */
  readonly flags?: string;
}

export interface Case {
  /** Of the test in the harness of W3C that asks for the same. */
  readonly name: string;
  readonly sent: readonly Sent[];
}

export const TRACE = "0af7651916cd43dd8448eb211c80319c";
export const PARENT = "b7ad6b7169203331";

const VALID: Header = ["traceparent", `00-${TRACE}-${PARENT}-01`];
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";

function begins(...values: string[]): Sent[] {
  return values.map((value) => ({ headers: [["traceparent", value]], trace: "new" }));
}

function continues(...values: string[]): Sent[] {
  return values.map((value) => ({ headers: [["traceparent", value]], trace: "continued" }));
}

/** `tracestate` headers beside a valid `traceparent`, and what becomes of them. */
function states(values: string[], tracestate = ""): Sent {
  const headers = values.map((value): Header => ["tracestate", value]);
  return { headers: [VALID, ...headers], trace: "continued", tracestate };
}

function members(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `v${from + index}=${from + index}`).join(",");
}

export const TRACEPARENT_CASES: readonly Case[] = [
  {
    name: "both_traceparent_and_tracestate_missing",
    sent: [{ headers: [], trace: "new", flags: "03" }],
  },
  {
    name: "traceparent_included_tracestate_missing",
    sent: [{ headers: [VALID], trace: "continued", flags: "01" }],
  },
  {
    name: "traceparent_duplicated",
    sent: [
      { headers: [VALID, VALID], trace: "new" },
      { headers: [VALID, ["traceparent", `00-${TRACE}-${PARENT}-00`]], trace: "new" },
    ],
  },
  {
    name: "traceparent_header_name",
    sent: ["trace-parent", "trace.parent", "trace_parent"].map((name) => ({
      headers: [[name, VALID[1]]],
      trace: "new",
    })),
  },
  {
    name: "traceparent_header_name_valid_casing",
    sent: ["TraceParent", "tRaCePaReNt", "TRACEPARENT"].map((name) => ({
      headers: [[name, VALID[1]]],
      trace: "continued",
    })),
  },
  {
    name: "traceparent_version_0x00",
    sent: begins(`${VALID[1]}.`, `${VALID[1]}-`, `${VALID[1]}-and-more`, `${VALID[1]}0`),
  },
  {
    name: "traceparent_version_0xcc",
    sent: [
      ...continues(`cc-${TRACE}-${PARENT}-01`, `cc-${TRACE}-${PARENT}-01-and-more`),
      ...begins(`cc-${TRACE}-${PARENT}-01.and-more`),
    ],
  },
  {
    name: "traceparent_version_0xff",
    sent: begins(`ff-${TRACE}-${PARENT}-01`, `ff-${TRACE}-${PARENT}-01-more`),
  },
  {
    name: "traceparent_version_illegal_characters",
    sent: begins(`.0-${TRACE}-${PARENT}-01`, `0.-${TRACE}-${PARENT}-01`, `CC-${TRACE}-${PARENT}-01`),
  },
  {
    name: "traceparent_version_too_long",
    sent: begins(`000-${TRACE}-${PARENT}-01`, `0000-${TRACE}-${PARENT}-01`),
  },
  {
    name: "traceparent_version_too_short",
    sent: begins(`0-${TRACE}-${PARENT}-01`, `-${TRACE}-${PARENT}-01`),
  },
  { name: "traceparent_trace_id_all_zero", sent: begins(`00-${"0".repeat(32)}-${PARENT}-01`) },
  {
    name: "traceparent_trace_id_illegal_characters",
    sent: begins(
      `00-.${TRACE.slice(1)}-${PARENT}-01`,
      `00-${TRACE.slice(1)}.-${PARENT}-01`,
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    ),
  },
  {
    name: "traceparent_trace_id_too_long",
    sent: begins(`00-${TRACE}0-${PARENT}-01`, `00-0${TRACE}-${PARENT}-01`),
  },
  { name: "traceparent_trace_id_too_short", sent: begins(`00-${TRACE.slice(1)}-${PARENT}-01`) },
  { name: "traceparent_parent_id_all_zero", sent: begins(`00-${TRACE}-${"0".repeat(16)}-01`) },
  {
    name: "traceparent_parent_id_illegal_characters",
    sent: begins(`00-${TRACE}-.${PARENT.slice(1)}-01`, `00-${TRACE}-${PARENT.slice(1)}.-01`),
  },
  { name: "traceparent_parent_id_too_long", sent: begins(`00-${TRACE}-${PARENT}0-01`) },
  { name: "traceparent_parent_id_too_short", sent: begins(`00-${TRACE}-${PARENT.slice(1)}-01`) },
  {
    name: "traceparent_trace_flags_illegal_characters",
    sent: begins(`00-${TRACE}-${PARENT}-.0`, `00-${TRACE}-${PARENT}-0.`, `00-${TRACE}-${PARENT}-0A`),
  },
  { name: "traceparent_trace_flags_too_long", sent: begins(`00-${TRACE}-${PARENT}-001`) },
  {
    name: "traceparent_trace_flags_too_short",
    sent: begins(`00-${TRACE}-${PARENT}-1`, `00-${TRACE}-${PARENT}-`),
  },
  {
    name: "traceparent_ows_handling",
    sent: continues(` ${VALID[1]}`, `\t${VALID[1]}`, `${VALID[1]} `, `${VALID[1]}\t`, `\t ${VALID[1]} \t`),
  },
  {
    name: "multiple_requests_with_valid_traceparent",
    sent: [{ headers: [VALID], calls: 3, trace: "continued" }],
  },
  { name: "multiple_requests_without_traceparent", sent: [{ headers: [], calls: 3, trace: "new" }] },
  {
    name: "multiple_requests_with_illegal_traceparent",
    sent: [{ headers: [["traceparent", `00-${"0".repeat(32)}-${PARENT}-01`]], calls: 3, trace: "new" }],
  },
  {
    name: "propagates_random_flag",
    sent: ["00", "01", "02", "03"].map((flags) => ({
      headers: [["traceparent", `00-${TRACE}-${PARENT}-${flags}`]],
      trace: "continued",
      flags,
    })),
  },
];

export const TRACESTATE_CASES: readonly Case[] = [
  {
    name: "tracestate_included_traceparent_missing",
    sent: [
      { headers: [["tracestate", "a=1"]], trace: "new" },
      { headers: [["tracestate", "a=1,b=2"]], trace: "new" },
      {
        headers: [
          ["traceparent", "nonsense"],
          ["tracestate", "a=1"],
        ],
        trace: "new",
      },
    ],
  },
  { name: "tracestate_included_traceparent_included", sent: [states(["b=2,a=1"], "b=2,a=1")] },
  {
    name: "tracestate_header_name",
    sent: ["trace-state", "trace.state", "trace_state"].map((name) => ({
      headers: [VALID, [name, "a=1"]],
      trace: "continued",
    })),
  },
  {
    name: "tracestate_header_name_valid_casing",
    sent: ["TraceState", "tRaCeStAtE", "TRACESTATE"].map((name) => ({
      headers: [VALID, [name, "a=1"]],
      trace: "continued",
      tracestate: "a=1",
    })),
  },
  {
    name: "tracestate_empty_header",
    sent: [
      states([""]),
      states(["", "a=1"], "a=1"),
      states(["a=1", ""], "a=1"),
      states(["a=1,,b=2"], "a=1,b=2"),
    ],
  },
  {
    name: "tracestate_multiple_headers_different_keys",
    sent: [states(["c=1,b=2", "a=3,e=4", "d=5"], "c=1,b=2,a=3,e=4,d=5")],
  },
  {
    name: "tracestate_duplicated_keys",
    sent: [
      states(["a=1,a=1"], "a=1"),
      states(["a=1,b=3,a=2"], "a=1,b=3"),
      states(["a=1", "a=1"], "a=1"),
      states(["a=1", "a=2"], "a=1"),
    ],
  },
  {
    name: "tracestate_all_allowed_characters",
    sent: [LETTERS, `${LETTERS}@${LETTERS}`].map((key) => {
      const all = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join("");
      const value = all.replace(",", "").replace("=", "");
      return states([`${key}=${value}`], `${key}=${value}`);
    }),
  },
  {
    name: "tracestate_ows_handling",
    sent: [
      states(["a=1 \t , \t b=2, \t c=3"], "a=1,b=2,c=3"),
      ...[" a=1", "\ta=1", "a=1 ", "a=1\t", "\t a=1 \t"].map((value) => states([value], "a=1")),
    ],
  },
  {
    name: "tracestate_key_illegal_characters",
    sent: [states(["a =1"]), states(["A=1"]), states(["a.b=1"]), states(["b=2,a(=1"])],
  },
  {
    name: "tracestate_key_illegal_vendor_format",
    sent: [
      states(["a@=1,b=2"], "a@=1,b=2"),
      states(["@a=1,b=2"]),
      states(["a@@b=1,b=2"], "a@@b=1,b=2"),
      states(["a@b@c=1,b=2"], "a@b@c=1,b=2"),
    ],
  },
  {
    name: "tracestate_member_count_limit",
    sent: [
      states([members(1, 10), members(11, 32)], members(1, 32)),
      states([members(1, 10), members(11, 33)]),
    ],
  },
  {
    name: "tracestate_key_length_limit",
    sent: [
      states(["a=1", `${"k".repeat(256)}=1`], `a=1,${"k".repeat(256)}=1`),
      states(["a=1", `${"k".repeat(257)}=1`]),
      states([`${"t".repeat(241)}@${"v".repeat(14)}=1`], `${"t".repeat(241)}@${"v".repeat(14)}=1`),
      states([`${"t".repeat(242)}@v=1`], `${"t".repeat(242)}@v=1`),
      states([`t@${"v".repeat(15)}=1`], `t@${"v".repeat(15)}=1`),
      states([`t@${"v".repeat(255)}=1`]),
    ],
  },
  {
    name: "tracestate_value_illegal_characters",
    sent: [
      states(["a=b=c"]),
      states(["a=,b=3"]),
      states(["b=3,a"]),
      states([`a=${"x".repeat(256)}`], `a=${"x".repeat(256)}`),
      states([`a=${"x".repeat(257)}`]),
    ],
  },
];
