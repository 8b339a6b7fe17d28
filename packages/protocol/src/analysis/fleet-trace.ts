import { NO_PARENT, SPAN_FLAG, type TraceColumns } from "../api/trace-columns.ts";

const AGENTS = ["", "orchestrator", "planner", "researcher", "coder"];
const TOOLS = ["", "search", "fetch", "sql", "write_file"];
const TYPES = ["", "agent", "llm", "tool"];
const NAMES = [
  "",
  ...AGENTS.slice(1).map((agent) => `invoke_agent ${agent}`),
  "chat gpt-5.1",
  "POST",
  "POST /invoke",
];
const TOOL_NAMES = TOOLS.slice(1).map((tool) => `execute_tool ${tool}`);

type Columns = {
  -readonly [Field in keyof TraceColumns]: TraceColumns[Field] extends readonly number[]
    ? number[]
    : TraceColumns[Field];
};

/**
 * A long piece of work of four agents in as many services, to measure and to test with; the same each time. An
 * orchestrator calls the others over HTTP in turn; each chats, calls tools and chats again; one tool in forty fails.
 */
export function fleetTrace(spans: number): TraceColumns {
  const columns = emptyColumns();
  let now = 0;
  const open = (parent: number, name: number, type: number, agent: number, kind: number): number => {
    const row = columns.n++;
    (columns.id as string[]).push((row + 1).toString(16).padStart(16, "0"));
    columns.parent.push(parent);
    columns.start.push(now);
    for (const [column, value] of [
      [columns.name, name],
      [columns.type, type],
      [columns.agent, type === 1 || type === 2 ? agent : 0],
      [columns.service, agent],
      [columns.kind, kind],
    ] as const)
      column.push(value);
    for (const column of restOf(columns)) column.push(0);
    return row;
  };
  const close = (row: number, took: number): void => {
    now += took;
    columns.dur[row] = now - columns.start[row]!;
  };
  const root = open(NO_PARENT, 1, 1, 1, 1);
  for (let visit = 0; columns.n < spans; visit++) {
    const agent = 2 + (visit % 3);
    const client = open(root, 6, 0, 1, 3);
    now += 400;
    const server = open(client, 7, 0, agent, 2);
    const run = open(server, agent, 1, agent, 1);
    for (let turn = 0; turn < 4 + (visit % 5); turn++) {
      const chat = open(run, 5, 2, agent, 3);
      columns.model[chat] = 1;
      columns.tokIn[chat] = 900 + 400 * turn + ((visit * 37) % 211);
      columns.tokOut[chat] = 30 + ((visit * 13 + turn * 7) % 90);
      columns.costMicro[chat] = 1200;
      columns.flags[chat] = SPAN_FLAG.counted;
      now += 200;
      const post = open(chat, 6, 0, agent, 3);
      close(post, 700_000 + ((visit * 7919) % 300_000));
      close(chat, 300);
      const tool = 1 + ((visit + turn) % 4);
      const used = open(run, 7 + tool, 3, agent, 1);
      columns.tool[used] = tool;
      const failed = (visit * 5 + turn) % 40 === 39;
      columns.status[used] = failed ? 2 : 0;
      columns.err[used] = failed ? 1 : 0;
      close(used, 20_000 + ((visit * 104_729 + turn * 31) % 80_000));
    }
    close(run, 100);
    close(server, 100);
    close(client, 500);
  }
  close(root, 1000);
  columns.durMs = now / 1000;
  return columns as TraceColumns;
}

function restOf(columns: Columns): number[][] {
  const { dur, provider, model, tool, status, err, tokIn, tokOut, tokCacheR, tokCacheW, tokReason } = columns;
  return [
    ...[dur, provider, model, tool, status, err, tokIn, tokOut, tokCacheR, tokCacheW, tokReason],
    ...[columns.costMicro, columns.ttftUs, columns.flags],
  ];
}

function emptyColumns(): Columns {
  const none = (): number[] => [];
  return {
    v: 1,
    traceId: "5b8aa5a2d2c872e8321cf37308d69df2",
    t0Nanos: "1795282125978000000",
    t0Ms: 1_795_282_125_978,
    durMs: 0,
    dict: {
      name: [...NAMES, ...TOOL_NAMES],
      service: AGENTS,
      type: TYPES,
      agent: AGENTS,
      provider: [""],
      model: ["", "gpt-5.1"],
      tool: TOOLS,
      err: ["", "timeout"],
    },
    n: 0,
    id: [],
    ...{
      parent: none(),
      start: none(),
      dur: none(),
      name: none(),
      kind: none(),
      service: none(),
      type: none(),
    },
    ...{ agent: none(), provider: none(), model: none(), tool: none(), status: none(), err: none() },
    ...{ tokIn: none(), tokOut: none(), tokCacheR: none(), tokCacheW: none(), tokReason: none() },
    ...{ costMicro: none(), ttftUs: none(), flags: none(), links: [], ctx: { linkedTraces: [] } },
  };
}
