/** How the demonstration is getting on. */
export interface DemoStatus {
  /** `idle`: it has not run since the server started. */
  readonly state: "idle" | "running" | "done" | "failed";
  /** What customers and chatbot said so far. */
  readonly lines: readonly string[];
  /** The traces of the last run that was done, in the order in which they began. */
  readonly traces: readonly { readonly traceId: string; readonly failed: boolean }[];
  /** Why it failed. */
  readonly error?: string;
}
