import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { AttributeList } from "./attribute-list.tsx";
import css from "./tool-call-view.module.css";

/** What produced the span: the process, and the library within it. */
export function ResourceView({ detail }: { readonly detail: SpanDetail }) {
  const { resource, scope } = detail;
  return (
    <div className={css.call}>
      <section aria-labelledby="span-resource">
        <h3 id="span-resource">Resource</h3>
        <AttributeList attributes={resource.attributes} dropped={resource.droppedAttributesCount} />
      </section>
      <section aria-labelledby="span-scope">
        <h3 id="span-scope">
          Scope {scope.name} {scope.version}
        </h3>
        <AttributeList attributes={scope.attributes} dropped={scope.droppedAttributesCount} />
      </section>
    </div>
  );
}
