import type { TraceItem } from "@clew/protocol/api/trace-item";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/client.ts";
import { Trouble } from "../elements/trouble.tsx";
import { Link } from "../location/link.tsx";
import { go } from "../location/place.ts";
import { tracesWith } from "../traces/trace-filter.ts";
import { compareAddress } from "./compare-address.ts";
import { CompareSkeleton } from "./compare-skeleton.tsx";
import css from "./test-traces.module.css";

/** Goes on to the comparison of the newest trace of a test case without an error with the newest that has one. */
export function TestTraces({ testCase }: { readonly testCase: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["test traces", testCase],
    queryFn: async ({ signal }) => {
      const newest = async (status: "ok" | "error"): Promise<TraceItem | undefined> =>
        (await api.traces({ testCase, status, limit: 1 }, { signal })).items[0];
      const [passed, failed] = await Promise.all([newest("ok"), newest("error")]);
      return { passed, failed };
    },
  });
  useEffect(() => {
    if (data?.passed === undefined || data.failed === undefined) return;
    go(compareAddress({ a: data.passed.traceId, b: data.failed.traceId }), { replace: true });
  }, [data]);
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined || (data.passed !== undefined && data.failed !== undefined)) {
    return <CompareSkeleton />;
  }
  const there = data.passed ?? data.failed;
  return (
    <div className={css.page}>
      <h1>
        Test case <bdi>{testCase}</bdi>
      </h1>
      <p>
        {there === undefined
          ? "No trace carries its id."
          : data.passed === undefined
            ? "All of its traces have errors: there is none that passed to compare with."
            : "None of its traces has an error: there is none that failed to compare with."}
      </p>
      <p className={css.ways}>
        <Link href={tracesWith("testCase", testCase)}>Its traces</Link>
        {there !== undefined && (
          <Link href={compareAddress({ b: there.traceId })}>Compare the newest with another trace</Link>
        )}
      </p>
    </div>
  );
}
