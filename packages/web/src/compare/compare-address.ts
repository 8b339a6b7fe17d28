/** The page that lays trace `b` over trace `a`; asks for the one that is not given. */
export function compareAddress(traces: { readonly a?: string; readonly b?: string }): string {
  const query = new URLSearchParams(traces);
  return query.size === 0 ? "/compare" : `/compare?${query}`;
}

/** The page that compares the newest trace of a test case that passed with the newest that failed. */
export function compareTestAddress(testCase: string): string {
  return `/compare?${new URLSearchParams({ testCase })}`;
}
