import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contentKeys, type Match } from "./content-key.ts";
import type { Pace, RecordableCall, RecordedAnswer, Replayer } from "./recorder.ts";
import { answerOf, parseRecording, type RecordingFile } from "./recording-file.ts";
import { Sequence } from "./sequence.ts";

export interface FileReplayerOptions {
  readonly folder: string;
  readonly match: Match;
  readonly missing: "error" | "forward";
  readonly pace?: Pace | undefined;
}

/**
 * Serves what a recorder wrote; equal requests get the answers in the order in which they were recorded. Strict: the
 * same test case, agent and bytes, and no oftener than it was recorded. Loose: the same content; the same test case
 * and agent first; after the last answer comes the first again. Holds what it serves in memory.
 */
export class FileReplayer implements Replayer {
  readonly pace: Pace;
  readonly #options: FileReplayerOptions;
  readonly #answers = new Map<string, Sequence<RecordingFile>>();

  /** Throws InvalidRecording for a file that can't be used, and what the file system says of a folder that can't. */
  constructor(options: FileReplayerOptions) {
    this.#options = options;
    this.pace = options.pace ?? "fast";
    const files = filesBelow(options.folder)
      .map((path) => parseRecording(path, readFileSync(path, "utf8")))
      .sort((a, b) => a.nth - b.nth);
    const isEndless = options.match === "loose";
    for (const file of files) {
      for (const key of keysOf(options.match, file)) {
        const sequence = this.#answers.get(key) ?? new Sequence<RecordingFile>(isEndless);
        sequence.add(file);
        this.#answers.set(key, sequence);
      }
    }
  }

  /** Keys under which there is something to serve. */
  get size(): number {
    return this.#answers.size;
  }

  answer(call: RecordableCall): RecordedAnswer | undefined | "missing" {
    const none = this.#options.missing === "forward" ? undefined : "missing";
    if (call.body === undefined) return none;
    const { testCaseId: testCase, agent } = call;
    for (const key of keysOf(this.#options.match, { testCase, agent, content: contentKeys(call) })) {
      const file = this.#answers.get(key)?.next();
      if (file !== undefined) return answerOf(file);
    }
    return none;
  }
}

/** The nearest first. */
function keysOf(
  match: Match,
  { testCase, agent, content }: Pick<RecordingFile, "testCase" | "agent" | "content">,
): readonly string[] {
  if (match === "strict") return [JSON.stringify([content.strict, testCase, agent])];
  return [JSON.stringify([content.loose, testCase, agent]), content.loose];
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name));
}
