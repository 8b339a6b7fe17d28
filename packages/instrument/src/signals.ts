const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Calls `onEnd` when a signal ends the process that the agent itself does not listen to, and lets the signal end
 * it afterwards as it would have. Our listening cannot be seen: libraries count listeners to find out whether
 * somebody else decides over the end.
 */
export function watchSignals(onEnd: () => Promise<void>): void {
  for (const signal of SIGNALS) {
    let ending = false;
    listenUnseen(signal, () => {
      if (process.listenerCount(signal) > 0) return false;
      if (ending) {
        raise(signal);
        return true;
      }
      ending = true;
      void onEnd().finally(() => raise(signal));
      return true;
    });
  }
}

/**
 * Node hands a signal to the `process.emit` that it finds when the first listener comes, as long as it believes
 * that there are listeners. `onSignal` says whether it took the signal.
 */
function listenUnseen(signal: NodeJS.Signals, onSignal: () => boolean): void {
  if (process.listenerCount(signal) > 0) return;
  const { emit, listenerCount } = process;
  const own = process as { emit: unknown; listenerCount: unknown };
  const nothing = (): void => undefined;
  const onEvent = (event: string, ...rest: unknown[]): boolean => {
    if (event === signal && onSignal()) return true;
    const next = own.emit === onEvent ? emit : own.emit;
    return Reflect.apply(next as typeof emit, process, [event, ...rest]);
  };
  own.emit = onEvent;
  try {
    process.on(signal, nothing);
    own.listenerCount = () => 1;
    process.off(signal, nothing);
  } finally {
    restore(own, "emit", emit);
    restore(own, "listenerCount", listenerCount);
  }
}

/** Leaves a method that is inherited where it is inherited from. */
function restore<Key extends string>(object: { [name in Key]?: unknown }, name: Key, value: unknown): void {
  delete object[name];
  if (object[name] !== value) object[name] = value;
}

/** Lets Node do what it does when nobody listens, and sends the signal again. */
function raise(signal: NodeJS.Signals): void {
  const nothing = (): void => undefined;
  process.on(signal, nothing);
  process.off(signal, nothing);
  process.kill(process.pid, signal);
}
