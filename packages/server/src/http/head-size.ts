/** Bytes of a request's line and headers that are read: a TraceQL query of the greatest length, each character escaped. */
export const MAX_HEAD_BYTES = 256 * 1024;
