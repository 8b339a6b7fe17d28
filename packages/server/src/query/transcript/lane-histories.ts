import type { Conversation, Message } from "@clew/protocol/genai/message";
import { newMessages } from "@clew/protocol/transcript/new-messages";
import { keyOf, partKeys } from "@clew/protocol/transcript/part-keys";
import { type History, whatIsNew } from "@clew/protocol/transcript/what-is-new";

/** Calls that a later one of the same lane is compared with: an agent may lead a few conversations in turns. */
export const HISTORIES = 4;

/** What a model call has of its own. */
export interface NewInCall {
  readonly had: number;
  readonly dropped: number;
  readonly input: readonly Message[];
  /** Absent where an earlier call had the same, or there is none. */
  readonly system?: { readonly hasChanged: boolean };
  readonly tools?: { readonly hasChanged: boolean };
}

interface LaneHistory extends History {
  readonly system: string;
  readonly tools: string;
}

/** Remembers the last model calls of each lane. */
export class LaneHistories {
  readonly #lanes = new Map<number, LaneHistory[]>();

  /** Calls of one lane have to come in their order; `isFirst` says that it is the first of its run. */
  add(lane: number, conversation: Conversation, isFirst: boolean): NewInCall {
    const { system, input, output, toolDefinitions } = conversation;
    const before = this.#lanes.get(lane) ?? [];
    const told = partKeys(input);
    const answered = partKeys(output).keys;
    const found = whatIsNew(told.keys, before, isFirst);
    const systemKey = system.map((part) => keyOf(part, "system")).join(" ");
    const toolsKey = toolDefinitions.map(({ name }) => name).join(" ");
    const history = {
      keys: [...told.keys, ...answered],
      told: told.keys.length,
      system: systemKey,
      tools: toolsKey,
    };
    this.#lanes.set(lane, [...before.slice(1 - HISTORIES), history]);
    const isTold = (of: "system" | "tools", key: string): boolean =>
      key !== "" && before.every((earlier) => earlier[of] !== key);
    const hadAny = (of: "system" | "tools"): boolean => before.some((earlier) => earlier[of] !== "");
    return {
      had: found.kept + found.againEnd - found.again,
      dropped: found.dropped,
      input: newMessages(input, told, found),
      ...(isTold("system", systemKey) && { system: { hasChanged: hadAny("system") } }),
      ...(isTold("tools", toolsKey) && { tools: { hasChanged: hadAny("tools") } }),
    };
  }
}
