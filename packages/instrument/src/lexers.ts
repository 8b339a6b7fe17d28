/** What import-in-the-middle finds the exports of a module with. */
export { initSync, parse as parseCjs } from "cjs-module-lexer";
export { parse as parseEsm } from "es-module-lexer";
