import { open } from 'node:fs/promises';
import { logsOf } from '../nodes/logs.js';

/** Octets that are read of the end of a log: a guest may have written any number. */
const MOST = 4096;
const LINES = 12;

/** The end of what a guest wrote on its console. */
export interface GuestLog {
  readonly path: string;
  /** The last lines, the latest last; at least one. */
  readonly lines: readonly string[];
}

/** What a guest wrote last on its console or, where it has written nothing, what QEMU said. Nothing where there is neither. */
export async function readGuestLog(domain: string): Promise<GuestLog | undefined> {
  const { console, qemu } = logsOf(domain);
  for (const path of [console, qemu]) {
    const lines = await endOf(path);
    if (lines.length > 0) return { path, lines };
  }
  return undefined;
}

/** The same as a text for an error. */
export async function guestLogText(domain: string): Promise<string | undefined> {
  const log = await readGuestLog(domain);
  return log && `The end of ${log.path}:\n${log.lines.join('\n')}`;
}

async function endOf(path: string): Promise<readonly string[]> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, MOST));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes
      .toString('utf8')
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '')
      .slice(-LINES);
  } finally {
    await file.close();
  }
}
