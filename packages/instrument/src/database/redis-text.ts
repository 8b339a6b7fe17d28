/** Commands whose first argument is no key, channel or other name but a value, or a script that may hold some. */
const WITHOUT_NAME = /^(auth|echo|ping|eval|eval_ro|hello)$/i;
const MAX_LENGTH = 1000;

/** What clients do to set up a connection, and waits for messages of a stream. */
const NO_QUERY = /^(connect|hello|client|auth|select|info|readonly|xread|xreadgroup)$/i;

/** The name of a command's span; undefined for what is no query. */
export function redisSpanName(command: string): string | undefined {
  return NO_QUERY.test(command) ? undefined : command.toUpperCase();
}

/** A command with its key, and how many arguments follow: these may be anybody's data. */
export function redisWithoutValues(name: string | Uint8Array, args: readonly unknown[]): string {
  const [key] = args;
  const kept = args.length > 0 && !WITHOUT_NAME.test(String(name)) ? 1 : 0;
  const words = [String(name).toUpperCase()];
  if (kept === 1) words.push(textOf(key));
  if (args.length > kept) words.push(`[${args.length - kept} other arguments]`);
  return words.join(" ");
}

function textOf(value: unknown): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
  return text.slice(0, MAX_LENGTH);
}
