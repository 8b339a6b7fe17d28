/** The ways two traces are looked at, by their name in the page's address; the first needs no word. */
export const COMPARE_VIEWS = [
  { name: "aligned", label: "Aligned", key: "1" },
  { name: "graph", label: "Graph", key: "2" },
  { name: "stats", label: "Time and figures", key: "3" },
] as const;

export type CompareViewName = (typeof COMPARE_VIEWS)[number]["name"];

export function readCompareView(text: string | null): CompareViewName {
  return COMPARE_VIEWS.find(({ name }) => name === text)?.name ?? "aligned";
}
