import type { Message } from "../genai/message.ts";
import type { PartKeys } from "./part-keys.ts";
import type { Continuation } from "./what-is-new.ts";

/** What of the messages is new, in order; parts without a key go with the part behind them. */
export function newMessages(
  messages: readonly Message[],
  { message, part }: PartKeys,
  { kept, again, againEnd }: Continuation,
): Message[] {
  const isNew = messages.map(({ parts }) => new Array<boolean | undefined>(parts.length));
  message.forEach((at, key) => {
    isNew[at]![part[key]!] = !(key < kept || (key >= again && key < againEnd));
  });
  let behind: boolean | undefined;
  for (let at = messages.length - 1; at >= 0; at--) {
    const marks = isNew[at]!;
    for (let index = marks.length - 1; index >= 0; index--) behind = marks[index] ??= behind ?? true;
  }
  return messages.flatMap((one, at) => {
    const parts = one.parts.filter((_, index) => isNew[at]![index]);
    return parts.length === 0 ? [] : [parts.length === one.parts.length ? one : { ...one, parts }];
  });
}
