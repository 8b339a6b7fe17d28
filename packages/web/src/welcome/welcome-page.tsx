import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { Trouble } from "../elements/trouble.tsx";
import { usePlace } from "../location/place.ts";
import { useTitle } from "../shell/use-title.ts";
import { CommandTabs } from "./command-tabs.tsx";
import { DemoCard } from "./demo-card.tsx";
import { Refusals } from "./refusals.tsx";
import { RequestLog } from "./request-log.tsx";
import { useFirstTrace } from "./use-first-trace.ts";
import { WAYS_TO_LINK } from "./ways-to-link.ts";
import { waysToSend } from "./ways-to-send.ts";
import css from "./welcome-page.module.css";

/** How to send something, and what became of everything that was sent. */
export function WelcomePage() {
  const {
    data: setup,
    error,
    refetch,
  } = useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => api.setup({ signal }) });
  const { path } = usePlace();
  useTitle("Send data");
  // Elsewhere the list of traces takes this page's place.
  useFirstTrace(path === "/welcome" && setup?.hasData === false);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{setup?.hasData ? "Send traces" : "Waiting for the first trace"}</h1>
        <p>
          {setup?.hasData
            ? "Clew takes OpenTelemetry from any language, at the addresses below."
            : "Start an agent in one of these ways. Its trace appears here by itself, a moment after it was sent."}
        </p>
      </header>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {setup && (
        <>
          {!setup.hasData && <DemoCard />}
          <section aria-labelledby="send">
            <h2 id="send">Send</h2>
            <CommandTabs label="Ways to send" ways={waysToSend(setup)} />
          </section>
          {setup.hasData && <DemoCard />}
          <section aria-labelledby="link">
            <h2 id="link">Two agents? Pass on the trace and its ids</h2>
            <CommandTabs label="Ways to link agents" ways={WAYS_TO_LINK} />
          </section>
          <section aria-labelledby="endpoints">
            <h2 id="endpoints">Where OTLP is accepted</h2>
            <dl className={css.endpoints}>
              {setup.otlp.http && (
                <Endpoint name="HTTP" url={setup.otlp.http} note="protobuf and JSON; also Zipkin" />
              )}
              {setup.otlp.grpc && (
                <Endpoint name="gRPC" url={setup.otlp.grpc} note="traces, logs and metrics" />
              )}
            </dl>
            {setup.otlp.auth && <p className={css.note}>This server asks senders for its token.</p>}
          </section>
        </>
      )}
      <Refusals />
      <section aria-labelledby="received">
        <h2 id="received">Requests received</h2>
        <RequestLog />
      </section>
    </div>
  );
}

function Endpoint({
  name,
  url,
  note,
}: {
  readonly name: string;
  readonly url: string;
  readonly note: string;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{url}</code>
        <span>{note}</span>
      </dd>
    </div>
  );
}
