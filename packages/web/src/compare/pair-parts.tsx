import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { type ToolCall, toolCallOf } from "@clew/protocol/genai/tool-call";
import { type ReactNode, useMemo } from "react";
import { type Tab, Tabs } from "../elements/tabs.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { AttributeDiffView } from "./attribute-diff-view.tsx";
import { attributeDiff } from "./diff/attribute-diff.ts";
import { pairSaid, saidIn } from "./diff/conversation-diff.ts";
import { valueText } from "./diff/value-text.ts";
import css from "./pair-parts.module.css";
import { TextPair } from "./text-pair.tsx";
import { TextPairs } from "./text-pairs.tsx";

interface PairPartsProps {
  /** Undefined where a trace has no such span. */
  readonly a: SpanDetail | undefined;
  readonly b: SpanDetail | undefined;
  readonly place: Place;
}

interface Part extends Tab {
  readonly render: () => ReactNode;
}

/** What both spans hold, part by part, the most telling first; the counts are of what differs. */
export function PairParts({ a, b, place }: PairPartsProps) {
  const parts = useMemo(() => partsOf(a, b), [a, b]);
  const wanted = place.query.get("tab");
  const chosen = parts.find(({ id }) => id === wanted) ?? parts[0]!;
  return (
    <div className={css.tabs}>
      <Tabs
        label="Parts of the spans"
        tabs={parts}
        chosen={chosen.id}
        onChoose={(id) => go(withQuery(place, { tab: id }), { replace: true })}
      >
        <div className={css.part}>{chosen.render()}</div>
      </Tabs>
    </div>
  );
}

function partsOf(a: SpanDetail | undefined, b: SpanDetail | undefined): Part[] {
  const parts: Part[] = [];
  const [toolA, toolB] = [toolOf(a), toolOf(b)];
  if (toolA !== undefined || toolB !== undefined) {
    parts.push({
      id: "tool",
      label: "Tool call",
      render: () => (
        <>
          <ToolPart title="Arguments" a={toolA} b={toolB} of={(call) => call.arguments} />
          <ToolPart title="Result" a={toolA} b={toolB} of={(call) => call.result} />
        </>
      ),
    });
  }
  const pairs = pairSaid(a ? saidIn(a.messages) : [], b ? saidIn(b.messages) : []);
  if (pairs.length > 0) {
    parts.push({
      id: "messages",
      label: "Messages",
      count: pairs.filter((pair) => pair.a !== pair.b).length,
      render: () => (
        <TextPairs
          what="message"
          pairs={pairs.map(({ role, a: one, b: other }) => ({ title: role, a: one, b: other }))}
        />
      ),
    });
  }
  const attributes = attributeDiff(a?.attributes ?? [], b?.attributes ?? []);
  parts.push({
    id: "attributes",
    label: "Attributes",
    count: attributes.different.length,
    render: () => <AttributeDiffView diff={attributes} />,
  });
  const resource = attributeDiff(a?.resource.attributes ?? [], b?.resource.attributes ?? []);
  parts.push({
    id: "resource",
    label: "Resource",
    count: resource.different.length,
    render: () => <AttributeDiffView diff={resource} />,
  });
  return parts;
}

/** Undefined where nothing of a tool was recorded. */
function toolOf(detail: SpanDetail | undefined): ToolCall | undefined {
  const call = detail && toolCallOf({ ...detail, scopeName: detail.scope.name });
  return call?.arguments === undefined && call?.result === undefined ? undefined : call;
}

interface ToolPartProps {
  readonly title: string;
  readonly a: ToolCall | undefined;
  readonly b: ToolCall | undefined;
  readonly of: (call: ToolCall) => unknown;
}

function ToolPart({ title, a, b, of }: ToolPartProps) {
  const text = (call: ToolCall | undefined): string | undefined => {
    const value = call && of(call);
    return value === undefined ? undefined : valueText(value);
  };
  return <TextPair title={title} a={text(a)} b={text(b)} isOpen />;
}
