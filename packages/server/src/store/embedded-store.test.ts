import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseStore, openEmbedded } from "./clickhouse-store.ts";
import { storeContract } from "./testing/store-contract.ts";

const log = { info() {}, warn() {}, error() {} };

storeContract("the embedded engine", async () => {
  const root = mkdtempSync(join(tmpdir(), "clew-store-"));
  let store: ClickHouseStore | undefined;
  let more = 0;
  return {
    async open() {
      // Data are open in one process at a time: a second store beside the first has its own.
      const beside = store !== undefined && store.state !== "closed";
      const opened = await openEmbedded({ dataDir: join(root, beside ? `beside-${more++}` : "data"), log });
      if (!beside) store = opened;
      return opened;
    },
    kill: () => process.kill(store!.enginePid!, "SIGKILL"),
    async end() {
      await store?.close(0);
      rmSync(root, { recursive: true, force: true });
    },
  };
});
