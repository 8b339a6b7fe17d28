/** Fails when a link in the documentation leads nowhere, or ARCHITECTURE.md outgrows its 300 lines. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAX_LINES: Readonly<Record<string, number>> = { "ARCHITECTURE.md": 300 };

/** The anchor GitHub gives a heading. */
export function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return words.trim().replaceAll(" ", "-");
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
}

/** Links of a page that lead nowhere; `read` gives a page's text, undefined where there is none. */
export function brokenLinks(page: string, read: (path: string) => string | undefined): string[] {
  const broken: string[] = [];
  const text = withoutCode(read(page) ?? "").replace(/`[^`\n]*`/g, "");
  for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = "", anchor] = target.split("#");
    const to = path === "" ? page : join(dirname(page), decodeURIComponent(path));
    const content = read(to);
    const headings = withoutCode(content ?? "").matchAll(/^#+ (.*)$/gm);
    const found =
      anchor === undefined || [...headings].some(([, heading = ""]) => anchorOf(heading) === anchor);
    if (content === undefined || !found) broken.push(`${page}: ${target} leads nowhere`);
  }
  return broken;
}

function readPage(path: string): string | undefined {
  const absolute = join(ROOT, path);
  if (!existsSync(absolute)) return undefined;
  return path.endsWith(".md") ? readFileSync(absolute, "utf8") : "";
}

function main(): void {
  const found: string[] = [];
  const pages = globSync(["*.md", "docs/**/*.md", "packages/*/*.md", "examples/**/*.md"], {
    cwd: ROOT,
    exclude: (path) => path.includes("node_modules"),
  });
  for (const page of pages) found.push(...brokenLinks(page, readPage));
  for (const [page, maximum] of Object.entries(MAX_LINES)) {
    const lines = readPage(page)?.trimEnd().split("\n").length ?? 0;
    if (lines > maximum) found.push(`${page}: ${lines} lines, at most ${maximum}`);
  }
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (import.meta.main) main();
