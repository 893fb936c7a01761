import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/apply/command.js';
import { TYPE, writeCpio, type ArchiveEntry } from '../../../src/guests/cpio.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchlab-cpio-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const entries: readonly ArchiveEntry[] = [
  { path: '.', mode: TYPE.folder | 0o755 },
  { path: 'bin', mode: TYPE.folder | 0o755 },
  { path: 'bin/tool', mode: TYPE.file | 0o755, data: Buffer.from('#!/bin/sh\n') },
  { path: 'console', mode: TYPE.character | 0o600, device: [5, 1] },
  { path: 'empty', mode: TYPE.file | 0o644 },
  { path: 'sh', mode: TYPE.link | 0o777, data: Buffer.from('bin/tool') },
];

/** A header's fields by their place in the "newc" format (cpio(5)). */
const field = (archive: Uint8Array, place: number): number =>
  parseInt(
    Buffer.from(archive)
      .subarray(6 + place * 8, 14 + place * 8)
      .toString(),
    16,
  );

describe('writeCpio', () => {
  it('is read by cpio(1) with modes, owner, device numbers and link targets', async () => {
    const archive = join(folder, 'archive');
    await writeFile(archive, writeCpio(entries));
    const { stdout } = await runCommand(['cpio', '-itvn', '--quiet', '-F', archive]);
    const lines = stdout.trimEnd().split('\n');
    const kept = lines.map((line) => line.replace(/\s+/g, ' ').replace(/Jan 1 1970 /, ''));
    expect(kept).toEqual([
      'drwxr-xr-x 2 0 0 0 .',
      'drwxr-xr-x 2 0 0 0 bin',
      '-rwxr-xr-x 1 0 0 10 bin/tool',
      'crw------- 1 0 0 5, 1 console',
      '-rw-r--r-- 1 0 0 0 empty',
      'lrwxrwxrwx 1 0 0 8 sh -> bin/tool',
    ]);
  });

  it('gives the same bytes for the same entries, with the time fixed', () => {
    const first = writeCpio(entries);
    expect(Buffer.compare(first, writeCpio(entries))).toBe(0);
    expect(field(first, 5)).toBe(0);
  });

  it('starts every header and every content at a multiple of four bytes', () => {
    const name = fc.stringMatching(/^[a-z]{1,20}$/);
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 40 }), (path, data) => {
        const archive = writeCpio([{ path, mode: TYPE.file | 0o644, data }]);
        const start = Math.ceil((110 + path.length + 1) / 4) * 4;
        expect(archive.length % 4).toBe(0);
        expect([...archive.subarray(start, start + data.length)]).toEqual([...data]);
        const next = start + Math.ceil(data.length / 4) * 4;
        expect(Buffer.from(archive.subarray(next, next + 6)).toString()).toBe('070701');
      }),
    );
  });
});
