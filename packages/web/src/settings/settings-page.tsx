import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { duration } from "../format/quantities.ts";
import { KeysDialog } from "../shell/keys-dialog.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ListSkeleton } from "../traces/list-states.tsx";
import { DisplaySettings } from "./display-settings.tsx";
import { ExportWays } from "./export-ways.tsx";
import { PriceTable } from "./price-table.tsx";
import { ServerFacts } from "./server-facts.tsx";
import { ServerSettingsTable } from "./server-settings-table.tsx";
import css from "./settings-page.module.css";

const AGAIN_MS = 10_000;
const SECTIONS = [
  ["display", "Display and keys"],
  ["server", "Server and storage"],
  ["configuration", "Configuration"],
  ["prices", "Prices of models"],
  ["export", "Export"],
  ["about", "About"],
] as const;

export function SettingsPage() {
  const [showsKeys, setShowsKeys] = useState(false);
  const setup = useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => api.setup({ signal }) });
  const status = useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => api.status({ signal }),
    refetchInterval: AGAIN_MS,
  });
  const settings = useQuery({ queryKey: ["settings"], queryFn: ({ signal }) => api.settings({ signal }) });
  useTitle("Settings");
  return (
    <div className={css.page}>
      <nav aria-label="Sections" className={css.sections}>
        <ul>
          {SECTIONS.map(([id, name]) => (
            <li key={id}>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div className={css.content}>
        <h1>Settings</h1>
        <Section id="display">
          <DisplaySettings />
          <Button onClick={() => setShowsKeys(true)}>Show keyboard shortcuts</Button>
        </Section>
        <Section id="server">
          {status.error !== null && <Trouble error={status.error} again={() => void status.refetch()} />}
          {status.data === undefined && status.error === null && (
            <ListSkeleton label="Loading the server's state" />
          )}
          {status.data !== undefined && <ServerFacts status={status.data} setup={setup.data} />}
        </Section>
        <Section id="configuration">
          {settings.error !== null && (
            <Trouble error={settings.error} again={() => void settings.refetch()} />
          )}
          {settings.data === undefined && settings.error === null && (
            <ListSkeleton label="Loading the configuration" />
          )}
          {settings.data !== undefined && <ServerSettingsTable settings={settings.data.settings} />}
        </Section>
        <Section id="prices">
          {settings.data !== undefined && <PriceTable prices={settings.data.prices} />}
        </Section>
        <Section id="export">
          <ExportWays />
        </Section>
        <Section id="about">
          <div className={css.card}>
            <p className={css.about}>
              <img src="/icon.svg" alt="" width="28" height="28" />
              <span>
                <strong>Clew {status.data?.version}</strong>
                {settings.data && `, ${settings.data.license}`}
                {status.data && `, running for ${duration(status.data.uptimeMs)}`}
              </span>
            </p>
            <p className={css.aside}>
              Distributed tracing for AI agents. This page asks this server and nobody else; nothing leaves it
              by itself.
            </p>
          </div>
        </Section>
      </div>
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </div>
  );
}

function Section({
  id,
  children,
}: {
  readonly id: (typeof SECTIONS)[number][0];
  readonly children: ReactNode;
}) {
  return (
    <section id={id} aria-labelledby={`${id}-name`} className={css.section}>
      <h2 id={`${id}-name`}>{SECTIONS.find(([one]) => one === id)?.[1]}</h2>
      {children}
    </section>
  );
}
