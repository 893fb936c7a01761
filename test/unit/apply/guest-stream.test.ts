import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Agent } from '../../../src/apply/hosts/agent.js';
import { streamInGuest } from '../../../src/apply/hosts/guest-stream.js';

/** The scripts that run in a guest, run here, by an agent that is this process. */

let slow: string;

beforeAll(async () => {
  slow = await mkdtemp(join(tmpdir(), 'patchlab-slow-'));
  await writeFile(join(slow, 'rm'), '#!/bin/sh\n/bin/sleep 0.05\nexec /bin/rm "$@"\n');
  await chmod(join(slow, 'rm'), 0o755);
});
afterAll(() => rm(slow, { recursive: true }));

interface Arguments {
  readonly arg: readonly string[];
  readonly pid: number;
  readonly path: string;
  readonly mode: string;
  readonly handle: number;
  readonly count: number;
  readonly 'buf-b64': string;
}

interface Guest {
  /** Every program that a script starts by name is looked for here first. */
  readonly path: string;
  /** Its programs end when its agent is asked of them: for the first time, or once it has opened a file. */
  readonly endsAsked?: 'first' | 'then';
}

/** An agent whose guest is this machine. */
function localAgent({ path, endsAsked }: Guest): Agent {
  const programs = new Map<number, ChildProcess>();
  const files = new Map<number, FileHandle>();
  const env = { ...process.env, PATH: [path, process.env['PATH']].join(delimiter) };
  const fileOf = (handle: number): FileHandle => {
    const file = files.get(handle);
    if (!file) throw new RangeError(`no file ${handle}`);
    return file;
  };
  const commands: Record<string, (args: Arguments) => unknown> = {
    'guest-exec': ({ arg }) => {
      const child = spawn('sh', arg, { env, stdio: 'ignore' });
      programs.set(child.pid ?? 0, child);
      return { pid: child.pid };
    },
    'guest-exec-status': async ({ pid }) => {
      const child = programs.get(pid);
      if (endsAsked === (files.size > 0 ? 'then' : 'first') && child?.exitCode === null) {
        await writeFile(join(path, 'end'), '');
        await once(child, 'exit');
      }
      return { exited: child?.exitCode !== null };
    },
    'guest-file-open': async ({ path: name, mode }) => {
      const file = await open(name, mode);
      files.set(file.fd, file);
      return file.fd;
    },
    'guest-file-read': async ({ handle, count }) => {
      const { buffer, bytesRead } = await fileOf(handle).read(Buffer.alloc(count));
      const bytes = buffer.subarray(0, bytesRead);
      return { count: bytesRead, 'buf-b64': bytes.toString('base64'), eof: bytesRead < count };
    },
    'guest-file-write': async ({ handle, 'buf-b64': text }) => {
      await fileOf(handle).write(Buffer.from(text, 'base64'));
      return {};
    },
    'guest-file-flush': () => ({}),
    'guest-file-close': async ({ handle }) => {
      await fileOf(handle).close();
      files.delete(handle);
      return {};
    },
  };
  return {
    domain: 'here',
    get shell(): never {
      throw new Error('there is no libvirt');
    },
    async command<T>(execute: string, answer: z.ZodType<T>, options?: { args?: object }) {
      return answer.parse(await commands[execute]?.(options?.args as Arguments));
    },
    close: () => undefined,
  };
}

async function run(script: string, guest: Guest) {
  const heard = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const { ended } = await streamInGuest(localAgent(guest), {
    argv: ['/bin/sh', '-c', script],
    input: (async function* () {})(),
    output: (stream, chunk) => void heard[stream].push(chunk),
    poll: 5,
  });
  const exitCode = await ended;
  return { exitCode, out: Buffer.concat(heard.out), err: Buffer.concat(heard.err) };
}

describe('a program in a guest', () => {
  it('is heard to its end where the guest is slow to go from one file to the next', async () => {
    const script =
      'i=0; while [ $i -lt 40 ]; do head -c 100000 /dev/zero; i=$((i+1)); done; exit 4';
    const { exitCode, out, err } = await run(script, { path: slow });
    expect(exitCode).toBe(4);
    expect([out.length, err.length]).toEqual([4_000_000, 0]);
  });

  it('is heard on both of its outputs', async () => {
    const { exitCode, out, err } = await run('echo out; echo err >&2', { path: slow });
    expect([exitCode, out.toString(), err.toString()]).toEqual([0, 'out\n', 'err\n']);
  });

  it.each(['first', 'then'] as const)(
    'is heard where it ended between a look for its last word and the question whether it runs: %s',
    async (endsAsked) => {
      await execa('mkfifo', ['-m', '600', join(slow, 'end')]);
      const script = `cat ${join(slow, 'end')}; echo out; exit 3`;
      const { exitCode, out } = await run(script, { path: slow, endsAsked });
      await rm(join(slow, 'end'));
      expect([exitCode, out.toString()]).toEqual([3, 'out\n']);
    },
  );
});
