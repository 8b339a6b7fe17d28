import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { api, isTokenNeeded } from "../api/client.ts";
import { CompareSkeleton } from "../compare/compare-skeleton.tsx";
import { Link } from "../location/link.tsx";
import { type Place, usePlace } from "../location/place.ts";
import { LogsSkeleton } from "../logs/logs-skeleton.tsx";
import { MapSkeleton } from "../map/map-skeleton.tsx";
import { MetricsSkeleton } from "../metrics/metrics-skeleton.tsx";
import { groupAt } from "../sessions/group-address.ts";
import { GroupSkeleton } from "../sessions/group-skeleton.tsx";
import { usePreference } from "../settings/preference.ts";
import { TIME_ZONE } from "../settings/preferences.ts";
import { TracePage } from "../trace/trace-page.tsx";
import { ListSkeleton } from "../traces/list-states.tsx";
import { TracesPage } from "../traces/traces-page.tsx";
import { WelcomePage } from "../welcome/welcome-page.tsx";
import css from "./app.module.css";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { SideBar } from "./side-bar.tsx";
import { TokenForm } from "./token-form.tsx";
import { TopBar } from "./top-bar.tsx";
import { usePulse } from "./use-pulse.ts";

const GroupPages = lazy(async () => ({
  default: (await import("../sessions/group-pages.tsx")).GroupPages,
}));
const ComparePage = lazy(async () => ({
  default: (await import("../compare/compare-page.tsx")).ComparePage,
}));
const LogsPage = lazy(async () => ({ default: (await import("../logs/logs-page.tsx")).LogsPage }));
const LivePage = lazy(async () => ({ default: (await import("../live/live-page.tsx")).LivePage }));
const MetricsPage = lazy(async () => ({
  default: (await import("../metrics/metrics-page.tsx")).MetricsPage,
}));
const SettingsPage = lazy(async () => ({
  default: (await import("../settings/settings-page.tsx")).SettingsPage,
}));
const MapPage = lazy(async () => ({ default: (await import("../map/map-page.tsx")).MapPage }));

export function App() {
  const place = usePlace();
  const pulse = usePulse();
  // Times are drawn anew in another zone.
  const [zone] = usePreference(TIME_ZONE);
  const { error } = useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => api.setup({ signal }) });
  return (
    <>
      <a className={css.skip} href="#main">
        Skip to the content
      </a>
      <div className={css.shell}>
        <SideBar />
        <div className={css.column}>
          <TopBar pulse={pulse} />
          <ConnectionBanner pulse={pulse} />
          <main id="main" className={css.main} tabIndex={-1}>
            <ErrorBoundary place={place.path}>
              {isTokenNeeded(error) ? <TokenForm /> : <Page key={zone} place={place} />}
            </ErrorBoundary>
          </main>
        </div>
      </div>
    </>
  );
}

function Page({ place }: { readonly place: Place }) {
  const { path } = place;
  const traceId = /^\/(?:traces|t)\/([^/]+)$/.exec(path)?.[1];
  if (traceId !== undefined) return <TracePage key={traceId} reference={decoded(traceId)} />;
  if (path === "/" || path === "/traces") return <TracesPage place={place} />;
  const group = groupAt(path);
  if (group !== undefined) {
    return (
      <Suspense fallback={<GroupSkeleton ofPage />}>
        <GroupPages at={group} place={place} />
      </Suspense>
    );
  }
  if (path === "/logs") {
    return (
      <Suspense fallback={<LogsSkeleton />}>
        <LogsPage place={place} />
      </Suspense>
    );
  }
  if (path === "/metrics") {
    return (
      <Suspense fallback={<MetricsSkeleton />}>
        <MetricsPage place={place} />
      </Suspense>
    );
  }
  if (path === "/map") {
    return (
      <Suspense fallback={<MapSkeleton />}>
        <MapPage place={place} />
      </Suspense>
    );
  }
  if (path === "/compare") {
    return (
      <Suspense fallback={<CompareSkeleton />}>
        <ComparePage place={place} />
      </Suspense>
    );
  }
  if (path === "/live") {
    return (
      <Suspense fallback={<ListSkeleton />}>
        <LivePage place={place} />
      </Suspense>
    );
  }
  if (path === "/settings") {
    return (
      <Suspense fallback={<ListSkeleton />}>
        <SettingsPage />
      </Suspense>
    );
  }
  if (path === "/welcome") return <WelcomePage />;
  return (
    <div className={css.missing}>
      <h1>There is no such page</h1>
      <p>
        <Link href="/traces">Show the newest traces</Link>
      </p>
    </div>
  );
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
