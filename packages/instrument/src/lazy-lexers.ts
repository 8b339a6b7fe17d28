/** The lexers of `lexers.ts`, which are large: only an agent that imports a traced ES module loads them. */
import type * as lexers from "./lexers.ts";

const load = (): typeof lexers => require("./lexers.ts");

export const parseEsm = (source: string) => load().parseEsm(source);
export const parseCjs = (source: string) => load().parseCjs(source);
export const initSync = () => load().initSync();
