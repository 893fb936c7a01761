import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds that the kernel may take to free network namespaces. */
const DEADLINE = 60_000;

/** Network namespaces that the kernel holds, also those already removed by name; none where it does not tell: slabinfo(5). */
async function heldNamespaces(): Promise<number | undefined> {
  const text = await readFile('/proc/slabinfo', 'utf8').catch(() => '');
  const line = /^net_namespace\s+(\d+)/m.exec(text);
  return line ? Number(line[1]) : undefined;
}

/**
 * Wait until the kernel has freed the namespaces that were removed, so that what one measurement leaves
 * behind does not slow down the next. Ends when there are no more of them than `before`, or when their
 * number no longer falls.
 */
export async function settle(before = 0): Promise<void> {
  const end = performance.now() + DEADLINE;
  let least = Infinity;
  for (let still = 0; still < 5 && performance.now() < end;) {
    const held = await heldNamespaces();
    if (held === undefined || held <= before) return;
    still = held < least ? 0 : still + 1;
    least = Math.min(least, held);
    await delay(200);
  }
}
