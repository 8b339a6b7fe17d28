import css from "./no-content.module.css";

/** Nothing that was said was recorded: how that is switched on. */
export function NoContent() {
  return (
    <div className={css.none} role="note">
      <h2>No messages were recorded in this trace</h2>
      <p>Agents record what is said only where they are told to.</p>
      <dl>
        <div>
          <dt>Started with Clew</dt>
          <dd>
            <code>clew run -- node agent.js</code> records it; with the preload alone, set{" "}
            <code>CLEW_CONTENT=full</code>
          </dd>
        </div>
        <div>
          <dt>OpenTelemetry</dt>
          <dd>
            <code>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true</code>
          </dd>
        </div>
      </dl>
    </div>
  );
}
