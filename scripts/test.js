/**
 * `npm test [-- PATTERN...] [--name REGEX]`: runs the tests whose path contains or matches a pattern, all
 * without one, and ends with the line `N passed, N failed`. Plain JavaScript: see newer-node.js.
 */
import { onNewerNode } from "../packages/server/bin/newer-node.js";

onNewerNode("npm test", () =>
  import("./run-tests.ts").then(({ runTests }) => runTests(process.argv.slice(2))),
);
