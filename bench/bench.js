/**
 * `npm run bench [-- --quick] [-- --only ROW[,ROW]] [-- --json FILE]`: measures the server on this machine and
 * prints each figure beside its budget. Plain JavaScript: see newer-node.js.
 */
import { onNewerNode } from "../packages/server/bin/newer-node.js";

onNewerNode("npm run bench", () =>
  import("./run-bench.ts").then(({ runBench }) => runBench(process.argv.slice(2))),
);
