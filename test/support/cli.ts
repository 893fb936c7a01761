import { mkdtempSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { z } from 'zod';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { shippedLab, shippedLabs } from '../../src/topology/load-labs.js';

/** The command line as a user runs it, and the host as it finds it. */

export const root = new URL('../../', import.meta.url).pathname;
/** The file of a lab that comes with patchlab, by its name with or without extension. */
export function topology(name: string): string {
  const { file } = shippedLab(basename(name, '.yaml')) ?? {};
  if (file === undefined) throw new Error(`no lab comes with patchlab of the name ${name}`);
  return file;
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Start patchlab; the caller waits or sends signals. */
export const startCli = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa(join(root, 'bin/patchlab'), args, { reject: false, env: { ...env } });

/** What is needed of a running program to hear it. */
type Program = PromiseLike<{ stdout: string; stderr: string }> &
  Record<'stdout' | 'stderr', Readable>;

/** Until a program has said something, on either output. @throws Error where it ends before */
export const untilSaid = (running: Program, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = '';
    const hear = (part: Buffer): void => {
      said += part.toString();
      if (said.includes(text)) resolve();
    };
    running.stdout.on('data', hear);
    running.stderr.on('data', hear);
    void running.then(({ stderr }) => reject(new Error(`it did not say ${text}: ${stderr}`)));
  });

/** Run patchlab to its end. */
export async function cli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const { exitCode, stdout, stderr } = await startCli(args, env);
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** Run patchlab with `--json`, and hold what it printed against the documented shape. */
export async function cliJson<C extends keyof typeof resultSchemas>(
  command: C,
  ...args: readonly string[]
): Promise<{ exitCode: number; result: z.output<(typeof resultSchemas)[C]> }> {
  const { exitCode, stdout } = await cli([...command.split(' '), '--json', ...args]);
  const parsed: unknown = JSON.parse(stdout);
  // A frame that is traced has an `error` of its own.
  if (parsed instanceof Object && 'error' in parsed && !('lab' in parsed)) throw new Error(stdout);
  const schema: z.ZodType = resultSchemas[command];
  return { exitCode, result: schema.parse(parsed) as never };
}

/** Everything that a lab could leave on the host, as sorted text. */
export async function hostSnapshot(): Promise<string> {
  return (await execa(join(root, 'scripts/host-snapshot'))).stdout;
}

/** The host is as it was: at once or, where the kernel removes things in the background, soon. */
export const expectHostAsBefore = (before: string): Promise<void> =>
  expect.poll(hostSnapshot, { timeout: 30_000, interval: 200 }).toBe(before);

/**
 * After each test all labs are taken down, and the host is as it was before the test. To be called where the file is loaded.
 * @returns the host as it was before the test that runs
 */
export function restoresHost(): () => string {
  let before = '';
  beforeEach(async () => {
    before = await hostSnapshot();
  });
  afterEach(async () => {
    await cli(['down', '--all']);
    await expectHostAsBefore(before);
  });
  return () => before;
}

/** The labs in YAML that this machine can build without guests, whatever its kernel has. */
export const plainTopologies = (): readonly string[] =>
  shippedLabs()
    .filter(({ file }) => extname(file) === '.yaml')
    .filter(({ file }) => {
      const text = readFileSync(file, 'utf8');
      return !/kind: (vm|macvtap|udp|bond|team|container)|vlan_filtering|allow_loops/.test(text);
    })
    .map(({ name }) => name);

/** A folder of a test file's own, removed at its end. To be called where the file is loaded, not in a hook. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchlab-test-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Write a topology into a scratch folder. @returns its path */
export async function topologyFile(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** Verify a lab, and give the verdicts with the exit code. */
export async function verify(lab: string, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout } = await cli(['verify', '--json', lab], env);
  const { verdicts, findings } = resultSchemas.verify.parse(JSON.parse(stdout));
  return { exitCode, verdicts, findings };
}

/** The status of one lab. */
export async function status(lab: string) {
  const { result } = await cliJson('status', lab);
  if ('labs' in result) throw new Error('the status of one lab was asked for');
  return result;
}
