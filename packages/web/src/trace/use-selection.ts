import { useEffect, useState } from "react";
import { go, type Place, withQuery } from "../location/place.ts";

/** Browsers limit how often the address may change; keys that are held down change the selection faster. */
const WRITE_MS = 150;

/** The id of the selected span, kept in the page's address. */
export function useSelection(place: Place): readonly [string | undefined, (id: string | undefined) => void] {
  const written = place.query.get("span") ?? undefined;
  const [selected, setSelected] = useState(written);
  const [seen, setSeen] = useState(written);
  if (seen !== written) {
    setSeen(written);
    setSelected(written);
  }
  useEffect(() => {
    if (selected === written) return;
    const timer = setTimeout(() => go(withQuery(place, { span: selected }), { replace: true }), WRITE_MS);
    return () => clearTimeout(timer);
  }, [selected, written, place]);
  return [selected, setSelected];
}
