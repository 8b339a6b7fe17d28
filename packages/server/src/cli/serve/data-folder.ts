import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PublicError } from "../../errors.ts";

const BUSY = 5;

/** Another server has the folder open. */
export class DataFolderTaken extends PublicError {
  readonly code = "data_folder_taken";
  readonly status = 409;
}

/** The folder cannot be made or written to. */
export class DataFolderUnusable extends PublicError {
  readonly code = "data_folder_unusable";
  readonly status = 507;
}

/** What a server tells about itself in its data folder. */
export interface ServerNote {
  readonly pid: number;
  readonly url?: string;
}

/**
 * A data folder that this process alone has open. The lock is the operating system's, by way of SQLite, since
 * Node offers no other: it ends with the process, however that ends.
 */
export class DataFolder {
  readonly path: string;
  readonly #lock: DatabaseSync;
  readonly #note: string;

  private constructor(path: string, lock: DatabaseSync) {
    this.path = path;
    this.#lock = lock;
    this.#note = join(path, "server.json");
    this.note({ pid: process.pid });
  }

  /** Makes the folder when it is missing. Throws `DataFolderTaken` or `DataFolderUnusable`. */
  static open(path: string): DataFolder {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      // SQLite does not say why it cannot write.
      const probe = join(path, `probe-${process.pid}`);
      writeFileSync(probe, "clew");
      rmSync(probe);
      return new DataFolder(path, lockOf(path));
    } catch (error) {
      if (error instanceof PublicError) throw error;
      const message = `The data folder ${path} cannot be used: ${reasonOf(error)}; choose another with --data-dir`;
      throw new DataFolderUnusable(message, { cause: error });
    }
  }

  /** Leaves word for whoever wants the folder next. */
  note(note: ServerNote): void {
    writeFileSync(this.#note, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  }

  close(): void {
    rmSync(this.#note, { force: true });
    this.#lock.close();
  }
}

function lockOf(path: string): DatabaseSync {
  const database = new DatabaseSync(join(path, "lock"));
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    const message = `${holderOf(path)} already uses the data folder ${path}; stop it, or choose another with --data-dir`;
    throw new DataFolderTaken(message, { cause: error });
  }
}

function holderOf(path: string): string {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(path, "server.json"), "utf8")) as ServerNote;
    return `Another Clew server (process ${pid}${url === undefined ? "" : ` at ${url}`})`;
  } catch {
    return "Another Clew server";
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it is on a read-only disk",
  ENOSPC: "no room is left on the disk",
  ENOTDIR: "part of its path is a file",
  EEXIST: "it is a file",
  // What making a folder on a read-only disk with all above it says.
  ENOENT: "it cannot be made",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}
