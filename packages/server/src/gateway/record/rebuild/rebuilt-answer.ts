import type { ApiKind } from "../../understand/call.ts";
import type { RecordedAnswer } from "../recorder.ts";
import { messagesBody, messagesEvents } from "./anthropic-messages.ts";
import { geminiBodies, geminiBody } from "./gemini.ts";
import { chatBody, chatEvents, completionsBody, completionsEvents } from "./openai-chat.ts";
import { responsesBody, responsesEvents } from "./openai-responses.ts";
import type { SaidAnswer } from "./said-answer.ts";

/** In whose format an answer is wanted. */
export interface WantedForm {
  readonly api: ApiKind;
  readonly streams: boolean;
  /** Of OpenAI's chat: whether the stream ends with what was used. */
  readonly usageInStream: boolean;
  /** Of Gemini: a stream of events instead of a list of bodies. */
  readonly eventStream: boolean;
}

const EVENTS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };
const JSON_BODY = { "content-type": "application/json" };

/** What the provider would have sent; undefined for an API that has no such answer. */
export function rebuiltAnswer(answer: SaidAnswer, wanted: WantedForm): RecordedAnswer | undefined {
  const { api, streams } = wanted;
  switch (api) {
    case "openai.chat":
      return streams
        ? streamed(answer, chatEvents(answer, wanted.usageInStream).map(dataOnly))
        : whole(answer, chatBody(answer));
    case "openai.completions":
      return streams
        ? streamed(answer, completionsEvents(answer).map(dataOnly))
        : whole(answer, completionsBody(answer));
    case "openai.responses":
      return streams
        ? streamed(answer, responsesEvents(answer).map(named))
        : whole(answer, responsesBody(answer));
    case "anthropic.messages":
      return streams
        ? streamed(answer, messagesEvents(answer).map(named))
        : whole(answer, messagesBody(answer));
    case "gemini.generate": {
      if (!streams) return whole(answer, geminiBody(answer));
      const bodies = geminiBodies(answer);
      if (wanted.eventStream)
        return streamed(
          answer,
          bodies.map((one) => `data: ${one}\r\n\r\n`),
        );
      const list = bodies.map((one, index) => `${index === 0 ? "[" : ",\r\n"}${one}`);
      return streamed(answer, [...list, "]"], JSON_BODY);
    }
    default:
      return undefined;
  }
}

function dataOnly(data: string): string {
  return `data: ${data}\n\n`;
}

function named([name, data]: readonly [string, string]): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}

function whole({ durationMs }: SaidAnswer, body: unknown): RecordedAnswer {
  const bytes = Buffer.from(JSON.stringify(body));
  return { status: 200, headers: JSON_BODY, chunks: [{ afterMs: durationMs, bytes }] };
}

/** Nobody wrote down when each piece came: they come evenly over the time of the call. */
function streamed(
  { durationMs }: SaidAnswer,
  texts: readonly string[],
  headers: Readonly<Record<string, string>> = EVENTS,
): RecordedAnswer {
  const chunks = texts.map((text, index) => ({
    afterMs: (durationMs * (index + 1)) / texts.length,
    bytes: Buffer.from(text),
  }));
  return { status: 200, headers, chunks };
}
