import type { ToolCall } from "@clew/protocol/genai/tool-call";
import { TextOrJson } from "./text-or-json.tsx";
import css from "./tool-call-view.module.css";

/** What a tool was asked and what it returned. */
export function ToolCallView({ call }: { readonly call: ToolCall }) {
  return (
    <div className={css.call}>
      <section aria-labelledby="tool-arguments">
        <h3 id="tool-arguments">Arguments</h3>
        <div className={css.boxed}>
          {call.arguments === undefined ? (
            <p className={css.none}>Not recorded</p>
          ) : (
            <TextOrJson value={call.arguments} />
          )}
        </div>
      </section>
      <section aria-labelledby="tool-result">
        <h3 id="tool-result">Result</h3>
        <div className={css.boxed}>
          {call.result === undefined ? (
            <p className={css.none}>Not recorded</p>
          ) : (
            <TextOrJson value={call.result} />
          )}
        </div>
      </section>
    </div>
  );
}
