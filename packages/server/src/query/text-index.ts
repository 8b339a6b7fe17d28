import type { Store } from "../store/store.ts";
import { statement } from "./sql.ts";

const known = new WeakMap<Store, Promise<boolean>>();

/** Whether prompts and other content can be searched through an index; asked once per store. */
export function hasTextIndex(store: Store): Promise<boolean> {
  let answer = known.get(store);
  if (answer === undefined) {
    answer = store.query(statement("text-index")).then((rows) => rows.length > 0);
    known.set(store, answer);
    answer.catch(() => known.delete(store));
  }
  return answer;
}
