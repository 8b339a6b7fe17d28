import type { SpanDetail } from "@clew/protocol/api/span-detail";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { type ToolCall, toolCallOf } from "@clew/protocol/genai/tool-call";
import { type ReactNode, useMemo } from "react";
import { type Tab, Tabs } from "../elements/tabs.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { AttributeList } from "./attribute-list.tsx";
import { ConversationView } from "./conversation-view.tsx";
import { ErrorNote } from "./error-note.tsx";
import { EventList } from "./event-list.tsx";
import { LinkList } from "./link-list.tsx";
import { LogList } from "./log-list.tsx";
import { RawSpan } from "./raw-span.tsx";
import { ResourceView } from "./resource-view.tsx";
import css from "./span-detail-view.module.css";
import { SpanFacts } from "./span-facts-list.tsx";
import { ToolCallView } from "./tool-call-view.tsx";

interface SpanDetailViewProps {
  readonly trace: TraceColumns;
  readonly span: number;
  readonly detail: SpanDetail;
  readonly place: Place;
}

interface Part extends Tab {
  readonly render: () => ReactNode;
}

/** Everything about a span: facts first, then what it has most to say with. */
export function SpanDetailView({ trace, span, detail, place }: SpanDetailViewProps) {
  const tool = useMemo(() => toolCallOf({ ...detail, scopeName: detail.scope.name }), [detail]);
  const parts = partsOf(detail, tool, trace);
  const wanted = place.query.get("tab");
  const chosen = parts.find(({ id }) => id === wanted) ?? parts[0]!;
  return (
    <>
      <SpanFacts trace={trace} span={span} detail={detail} />
      <ErrorNote detail={detail} />
      <div className={css.tabs}>
        <Tabs
          label="Parts of the span"
          tabs={parts}
          chosen={chosen.id}
          onChoose={(id) => go(withQuery(place, { span: detail.spanId, tab: id }), { replace: true })}
        >
          <div className={css.part}>{chosen.render()}</div>
        </Tabs>
      </div>
    </>
  );
}

/** The parts that the span has, the most telling first. */
function partsOf(detail: SpanDetail, tool: ToolCall | undefined, trace: TraceColumns): Part[] {
  const { messages, attributes, events, links, logs } = detail;
  const hasMessages = messages.system.length + messages.input.length + messages.output.length > 0;
  const hasTool = tool !== undefined && (tool.arguments !== undefined || tool.result !== undefined);
  const parts: Part[] = [];
  if (hasTool) parts.push({ id: "tool", label: "Tool call", render: () => <ToolCallView call={tool} /> });
  if (hasMessages || messages.toolDefinitions.length > 0) {
    const count = messages.input.length + messages.output.length;
    parts.push({
      id: "messages",
      label: "Messages",
      count,
      render: () => <ConversationView conversation={messages} />,
    });
  }
  parts.push({
    id: "attributes",
    label: "Attributes",
    count: attributes.length,
    render: () => <AttributeList attributes={attributes} dropped={detail.droppedAttributesCount} />,
  });
  if (events.length > 0) {
    parts.push({
      id: "events",
      label: "Events",
      count: events.length,
      render: () => <EventList detail={detail} />,
    });
  }
  if (logs.length > 0) {
    parts.push({ id: "logs", label: "Logs", count: logs.length, render: () => <LogList detail={detail} /> });
  }
  if (links.length > 0) {
    parts.push({
      id: "links",
      label: "Links",
      count: links.length,
      render: () => <LinkList links={links} trace={trace} />,
    });
  }
  parts.push({ id: "resource", label: "Resource", render: () => <ResourceView detail={detail} /> });
  parts.push({ id: "raw", label: "Raw", render: () => <RawSpan detail={detail} /> });
  return parts;
}
