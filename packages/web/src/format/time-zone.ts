let zone: "UTC" | undefined;

/** In which zone times are shown; undefined for that of the machine. */
export function timeZone(): "UTC" | undefined {
  return zone;
}

/** From now on times are shown in this zone; what is on the page has to be drawn anew. */
export function showTimesIn(next: "UTC" | undefined): void {
  zone = next;
}

/** A format for each zone, made when it is used first. */
export function inZone(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  const made = new Map<"UTC" | undefined, Intl.DateTimeFormat>();
  return () => {
    let format = made.get(zone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(
        undefined,
        zone === undefined ? options : { ...options, timeZone: zone },
      );
      made.set(zone, format);
    }
    return format;
  };
}
