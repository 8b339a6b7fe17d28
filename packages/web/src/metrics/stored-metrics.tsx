export function StoredMetrics(_: { readonly query: URLSearchParams }) {
  return null;
}
