/**
 * The preload: `node --import @clew/instrument/register agent.js`. This file is all that a Node parses which is
 * too old for the rest.
 */
const OLDEST = 22;

if (Number.parseInt(process.versions.node, 10) >= OLDEST) {
  await import("./preload.ts");
} else {
  process.stderr.write(
    `clew: Node ${process.versions.node} is not traced, it takes Node ${OLDEST} or newer; the program runs without\n`,
  );
}
