const MOST_CHARS = 120;

/** The text, or its beginning with `…`; empty where not even that has room. In the font that the context has. */
export function fittingText(context: CanvasRenderingContext2D, text: string, room: number): string {
  const short = text.length > MOST_CHARS ? text.slice(0, MOST_CHARS) : text;
  const width = context.measureText(short).width;
  if (width <= room) return short;
  const kept = Math.floor((short.length * room) / width) - 1;
  return kept < 2 ? "" : `${short.slice(0, kept)}…`;
}
