import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { Attributes } from "@clew/protocol/genai/plain-value";
import { Icon } from "../elements/icon.tsx";
import css from "./error-note.module.css";

/** Why the span failed, with the stack where an exception was recorded. Nothing for one that did not fail. */
export function ErrorNote({ detail }: { readonly detail: SpanDetail }) {
  const exception = [...detail.events].reverse().find(({ name }) => name === "exception");
  if (detail.status !== "error" && exception === undefined) return null;
  const attributes = new Attributes(exception?.attributes);
  const type = detail.meaning.errorType || attributes.text("exception.type");
  const messages = new Set(
    [detail.statusMessage, attributes.text("exception.message")].filter((text) => text !== ""),
  );
  const stack = attributes.text("exception.stacktrace");
  return (
    <section className={css.note} aria-label="Error">
      <Icon name="error" />
      <div>
        <strong>{type || (detail.status === "error" ? "Error" : "Exception")}</strong>
        {[...messages].map((message) => (
          <p key={message}>{message}</p>
        ))}
        {stack !== "" && (
          <details>
            <summary>Stack</summary>
            <pre>{stack}</pre>
          </details>
        )}
      </div>
    </section>
  );
}
