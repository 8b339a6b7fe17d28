import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import { decodeTranscriptCursor } from "../../query/transcript/transcript-cursor.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { readParameters, text, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const PAGE = { limit: wholeNumber(1, 1000), cursor: text() };
const DEFAULT_LIMIT = 200;

export function transcriptRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.transcript, async (context) => {
    const { limit = DEFAULT_LIMIT, cursor } = readParameters(PAGE, new URL(context.req.url).searchParams);
    const after = cursor === undefined ? undefined : decodeTranscriptCursor(cursor);
    const trace = context.req.param("trace");
    return answerJson(
      context,
      await whileWanted(context, signals, (signal) =>
        queries.transcript(trace, { limit, signal, ...(after && { after }) }),
      ),
    );
  });
}
