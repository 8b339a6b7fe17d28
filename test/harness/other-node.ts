import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/clew-node/", import.meta.url));

/** The npm package that has Node's program for this machine. */
function packageName(): string {
  const { platform, arch } = process;
  const prefix = platform === "darwin" && arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform === "win32" ? "win" : platform}-${arch}`;
}

/** Path of another Node's program; on first use npm installs it, about 200 MB, into `node_modules/.cache`. */
export async function otherNode(version: string): Promise<string> {
  const folder = join(CACHE, version);
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const making = mkdtempSync(join(CACHE, ".making-"));
    try {
      const args = [
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        making,
      ];
      const options = { cwd: making, shell: process.platform === "win32" };
      await promisify(execFile)("npm", [...args, `${packageName()}@${version}`], options);
      renameSync(making, folder);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  const program = process.platform === "win32" ? "node.exe" : "node";
  return join(folder, "node_modules", packageName(), "bin", program);
}

/** Why a version cannot be had here; undefined where it can. Where `CI` is set it throws instead. */
export async function withoutNode(version: string): Promise<string | undefined> {
  try {
    await otherNode(version);
    return undefined;
  } catch (error) {
    if (process.env.CI) throw error;
    return `skipped: ${(error as Error).message.split("\n")[0]}`;
  }
}
