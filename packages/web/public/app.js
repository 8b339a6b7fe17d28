/**
 * The page until there is a user interface: says where to send, and shows what arrives. Whatever comes from
 * traces is set as text, never as markup.
 */

const MOST_TRACES = 25;
const MOST_EVENTS = 50;
const RETRY_MS = 2000;
const TOKEN_KEY = "clew.token";

const byId = (id) => document.getElementById(id);
const traces = new Map();

class TokenNeeded extends Error {}

async function ask(path, signal) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(path, { headers, signal });
  if (response.status === 401) throw new TokenNeeded();
  if (!response.ok) throw new Error((await response.json()).error.message);
  return response;
}

/** The JSON of every event of a stream, until the server ends it. */
async function* events(path) {
  const response = await ask(path);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const messages = (rest + value).split("\n\n");
    rest = messages.pop();
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showSetup({ version, otlp }) {
  byId("version").textContent = version;
  const rows = [
    ["OTLP over HTTP", otlp.http],
    ["OTLP over gRPC", otlp.grpc],
  ].filter(([, url]) => url !== undefined);
  byId("endpoints").replaceChildren(
    ...rows.flatMap(([name, url]) => [element("dt", name), element("dd", url)]),
  );
  const protocol = otlp.http === undefined ? "grpc" : "http/protobuf";
  const lines = [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${otlp.http ?? otlp.grpc ?? ""}`,
    `export OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}`,
  ];
  if (otlp.auth) lines.push('export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$CLEW_TOKEN"');
  byId("environment").textContent = lines.join("\n");
}

function showTraces(items) {
  for (const item of items) traces.set(item.traceId, item);
  const newest = [...traces.values()].sort((a, b) => b.startMs - a.startMs).slice(0, MOST_TRACES);
  traces.clear();
  for (const item of newest) traces.set(item.traceId, item);
  byId("no-traces").hidden = newest.length > 0;
  byId("trace-table").hidden = newest.length === 0;
  byId("trace-table").tBodies[0].replaceChildren(...newest.map(traceRow));
}

function traceRow(item) {
  const row = document.createElement("tr");
  const link = element("a", item.rootName || item.traceId);
  link.href = `/api/v1/traces/${item.traceId}`;
  const name = document.createElement("td");
  name.append(link);
  row.append(
    element("td", new Date(item.startMs).toLocaleTimeString()),
    name,
    element("td", item.services.join(", ")),
    element("td", String(item.spanCount)),
    element("td", durationText(item.durMs)),
    element("td", item.error ? `error: ${item.error.type || item.error.message}` : item.status, item.status),
  );
  return row;
}

function durationText(ms) {
  if (ms < 1) return `${(ms * 1000).toFixed(0)} µs`;
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function showEvent(event) {
  const what = event.ok ? `${event.records} ${event.signal ?? "records"}` : event.contentType;
  const parts = [
    new Date(event.atMs).toLocaleTimeString(),
    event.code,
    event.path,
    what,
    event.service,
    event.hint,
  ];
  const line = element("li", parts.filter((part) => part !== "").join("  "), event.ok ? "ok" : "error");
  byId("no-events").hidden = true;
  byId("events").prepend(line);
  while (byId("events").childElementCount > MOST_EVENTS) byId("events").lastElementChild.remove();
}

function say(text) {
  byId("trouble").textContent = text;
  byId("trouble").hidden = text === "";
}

/** Repeats what ends or fails, because servers are started again. */
async function keep(work) {
  for (;;) {
    try {
      await work();
      say("");
    } catch (error) {
      if (error instanceof TokenNeeded) {
        byId("token-form").hidden = false;
        return;
      }
      say(`Waiting for the server: ${error.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN_KEY, byId("token").value);
  location.reload();
});

void keep(async () => {
  showSetup(await (await ask("/api/v1/setup")).json());
  showTraces((await (await ask(`/api/v1/traces?limit=${MOST_TRACES}`)).json()).items);
  say("");
  for await (const update of events("/api/v1/traces/stream")) showTraces(update.items);
});

void keep(async () => {
  byId("events").replaceChildren();
  for await (const event of events("/api/v1/ingest/events")) showEvent(event);
});
