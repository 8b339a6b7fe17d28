import type { SpanDetail } from "@clew/protocol/api/span-detail";
import type { Span, TracesData } from "@clew/protocol/otlp/model";

const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;

/** The span as OTLP/JSON with its resource and scope: what its sender sent, but for the fields that have their default. */
export function spanAsOtlp(detail: SpanDetail): TracesData {
  const { resource, scope } = detail;
  const status = { message: detail.statusMessage, code: STATUS_CODES[detail.status] };
  const span: Span = {
    traceId: detail.traceId,
    spanId: detail.spanId,
    traceState: detail.traceState,
    parentSpanId: detail.parentSpanId,
    flags: detail.flags,
    name: detail.name,
    kind: detail.kind,
    startTimeUnixNano: detail.startNanos,
    endTimeUnixNano: detail.endNanos,
    attributes: [...detail.attributes],
    droppedAttributesCount: detail.droppedAttributesCount,
    events: [...detail.events],
    droppedEventsCount: detail.droppedEventsCount,
    links: [...detail.links],
    droppedLinksCount: detail.droppedLinksCount,
    status,
  };
  return {
    resourceSpans: [
      {
        resource: withoutDefaults({
          attributes: [...resource.attributes],
          droppedAttributesCount: resource.droppedAttributesCount,
          entityRefs: [...resource.entityRefs],
        }),
        scopeSpans: [
          {
            scope: withoutDefaults({
              name: scope.name,
              version: scope.version,
              attributes: [...scope.attributes],
              droppedAttributesCount: scope.droppedAttributesCount,
            }),
            spans: [{ ...withoutDefaults(span), status: withoutDefaults(status) }],
            ...withoutDefaults({ schemaUrl: scope.schemaUrl }),
          },
        ],
        ...withoutDefaults({ schemaUrl: resource.schemaUrl }),
      },
    ],
  };
}

/** OTLP leaves out what is empty or 0. */
function withoutDefaults<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== "" && value !== 0 && !(Array.isArray(value) && value.length === 0),
    ),
  ) as Fields;
}
