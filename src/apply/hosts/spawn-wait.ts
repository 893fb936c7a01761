/** A promise that is settled from outside. */
export function deferred() {
  let settle: [resolve: () => void, reject: (error: Error) => void] | undefined;
  const promise = new Promise<void>((resolve, reject) => (settle = [resolve, reject]));
  const [resolve, reject] = settle ?? [() => undefined, () => undefined];
  return { promise, resolve, reject };
}

/**
 * Wait for something, but no longer than a signal allows.
 * @throws the reason of the signal when it is aborted
 */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return promise;
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Something that keeps this process from ending, as long as it is held. */
export interface Holding {
  ref(): unknown;
  unref(): unknown;
}

/** Hold things as long as anybody uses them. */
export function holder(parts: readonly Holding[]): (more: boolean) => void {
  let users = 0;
  for (const part of parts) part.unref();
  return (more) => {
    users += more ? 1 : -1;
    if (users === (more ? 1 : 0)) for (const part of parts) part[more ? 'ref' : 'unref']();
  };
}
