import { RecentKeys } from "./recent-keys.ts";
import { RecentRequests } from "./recent-requests.ts";

/** Spans remembered to recognise a client's retry: one to two times this many. */
const REMEMBERED_SPANS = 500_000;
const REMEMBERED_MODEL_SPANS = 100_000;

/** What is remembered across batches of what came before. */
export class IngestMemory {
  readonly seen = new RecentKeys(REMEMBERED_SPANS);
  /** Spans that have a model span right below them: their tokens are counted there. */
  readonly modelParents = new RecentKeys(REMEMBERED_MODEL_SPANS);
  readonly requests = new RecentRequests();
  /** Records left out because they had come before. */
  duplicates = 0;
}
