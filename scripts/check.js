/**
 * `npm run check [-- STEP...]`: everything about the sources that a machine can judge without running them.
 * Plain JavaScript: see newer-node.js.
 */
import { onNewerNode } from "../packages/server/bin/newer-node.js";

onNewerNode("npm run check", () =>
  import("./run-checks.ts").then(({ runChecks }) => runChecks(process.argv.slice(2))),
);
