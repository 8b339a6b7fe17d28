import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

/** Writes the chunks into a new file of the folder, hands its path to `use`, and removes it in any case. */
export async function withSpooled<Result>(
  folder: string,
  chunks: readonly Uint8Array[],
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, `${randomUUID()}.native`);
  const file = await open(path, "wx", 0o600);
  try {
    try {
      // writev takes at most IOV_MAX pieces and may write less than all of them.
      for (const chunk of chunks) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}
