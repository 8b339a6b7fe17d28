/** What comes of a shell command whose first word is no plain name. */
const SHELL = "sh";

/**
 * Name of the program that a command runs, without its folder; never an argument, a variable or anything else
 * that may be private. `shell`: the text is a command line, of which the first word counts when it is plain.
 */
export function commandName(text: string, shell: boolean): string {
  if (!shell) return baseOf(text);
  const [, word] = /^\s*([\w.+@/\\:-]+)(?=\s|$)/.exec(text) ?? [];
  return word === undefined ? SHELL : baseOf(word);
}

function baseOf(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return base.replace(/\.(exe|cmd|bat|com)$/i, "") || SHELL;
}
