/**
 * The preload: `node --import @clew/instrument/register agent.js`, or the first import of a program. This file is
 * all that a Node parses which is too old for the rest. It does not wait for anything: what is imported after it
 * must find the hooks in place.
 */
const OLDEST = "22.3";
const { versions } = process;

if (Number.parseInt(versions.node, 10) >= 22 && typeof process.getBuiltinModule === "function") {
  // An import of node:module would have Node read what every module of its own exports.
  process.getBuiltinModule("node:module").createRequire(import.meta.url)("./preload.cjs");
} else {
  process.stderr.write(
    `clew: Node ${versions.node} is not traced, it takes Node ${OLDEST} or newer; the program runs without\n`,
  );
}
