/**
 * The preload: `node --import @clew/instrument/register agent.js`, or the first import of a program. This file is
 * all that a Node parses which is too old for the rest. It does not wait for anything: what is imported after it
 * must find the hooks in place.
 */
import { createRequire } from "node:module";

const OLDEST = 22;
const { features, versions } = process;

if (Number.parseInt(versions.node, 10) >= OLDEST && features.require_module) {
  createRequire(import.meta.url)("./preload.mjs");
} else {
  process.stderr.write(
    `clew: Node ${versions.node} is not traced, it takes Node ${OLDEST}.12 or newer; the program runs without\n`,
  );
}
