import { mkdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Position } from "./log/position.ts";

/** A batch whose insert was begun: after a crash it may be in the store wholly, partly or not at all. */
export interface Intent {
  /** Decimal text of the 64-bit id that its rows carry. */
  readonly batchId: string;
  /** Days since the Unix epoch, UTC: the partition of its rows. */
  readonly day: number;
  readonly from: Position;
  readonly to: Position;
}

export interface IngestProgress {
  /** Everything before it is in the store exactly once. */
  readonly stored: Position;
  readonly intent: Intent | undefined;
  /** Id for the next batch. */
  readonly nextBatch: string;
}

/**
 * How far the durable log is in the store, in one small file that is replaced and fsynced before each insert.
 * With it a batch can be built again after a crash exactly as it was.
 */
export class ProgressFile {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The last written progress; undefined on a new data folder. A damaged file is an error, not a new start. */
  read(): IngestProgress | undefined {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    return JSON.parse(text) as IngestProgress;
  }

  async write(progress: IngestProgress): Promise<void> {
    const draft = `${this.#path}.new`;
    const file = await open(draft, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify(progress));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, this.#path);
    const folder = await open(this.#dir, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  get #path(): string {
    return join(this.#dir, "progress.json");
  }
}
