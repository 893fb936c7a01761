import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, tryCommand } from '../../src/apply/command.js';
import { down } from '../../src/apply/down.js';
import { labFiles } from '../../src/apply/state.js';
import { listLabs } from '../../src/apply/status.js';
import { up } from '../../src/apply/up.js';
import { commandOf } from '../../src/plan/resources/kinds/command.js';
import { stepsOf } from '../../src/plan/resources/steps.js';
import { LOCAL } from '../../src/plan/step.js';
import { batchesOf } from '../../src/plan/tools/batches.js';
import { bundlesOf } from '../../src/plan/tools/bundles.js';
import { pings, smallLab, traces, type SmallLab } from '../support/small-lab.js';

let serial = 0;
let scratch: string;
let small: SmallLab;
const stateBefore = process.env.PATCHLAB_STATE;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'patchlab-faults-'));
  process.env.PATCHLAB_STATE = join(scratch, 'state');
  small = smallLab(`f${process.pid.toString(36)}-${serial++}`);
});
afterEach(async () => {
  await down(small.lab.name);
  if (stateBefore === undefined) delete process.env.PATCHLAB_STATE;
  else process.env.PATCHLAB_STATE = stateBefore;
  await rm(scratch, { recursive: true });
});

const child = join(import.meta.dirname, 'up-child.ts');

/** Build the lab in another process that is killed after some milliseconds of one batch. */
async function killedUp(batch: number, ms: number): Promise<void> {
  const { exitCode, stdout, stderr } = await tryCommand([
    ...[process.execPath, '--import', 'tsx', child],
    ...[small.lab.name, String(batch), String(ms)],
  ]);
  const begun = stdout.trim().split('\n').length;
  if (exitCode === 0 || begun < batch) throw new Error(`it was not killed: ${stdout} ${stderr}`);
}

describe('a build that is killed', () => {
  const batches = bundlesOf(batchesOf(stepsOf(smallLab('count').plan.resources))).length;
  const cases = Array.from({ length: batches }, (_, index) => index + 1).flatMap((batch) =>
    batch % 2 === 0 ? [{ batch, ms: 0 }] : [{ batch, ms: 2 }],
  );

  it.each(cases)('is mended by down: batch $batch, $ms ms', async ({ batch, ms }) => {
    await killedUp(batch, ms);
    expect(await listLabs()).toMatchObject([{ name: small.lab.name, state: 'partial' }]);
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(await traces(small)).toEqual([]);
    expect(existsSync(process.env.PATCHLAB_STATE ?? '')).toBe(false);
  });

  it('is mended by the next up', async () => {
    await killedUp(batches - 1, 1);
    const notes: string[] = [];
    await up(small.lab, small.plan, {
      onEvent: (event) => event.type === 'note' && notes.push(event.text),
    });
    expect(notes.join()).toContain('half-built');
    expect(await pings(small)).toBe(true);
  });
});

describe('what a crash leaves', () => {
  it('may end in the middle of a line of the journal', async () => {
    await up(small.lab, small.plan);
    await appendFile(labFiles(small.lab.name).journal, '{"event":"begin","id":"cut o');
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(await traces(small)).toEqual([]);
  });

  it('may be gone after a reboot', async () => {
    await up(small.lab, small.plan);
    const { lab } = labFiles(small.lab.name);
    // What a reboot does: the devices and namespaces go, the database of Open vSwitch stays.
    for (const device of small.devices) await runCommand(['ip', 'link', 'del', 'dev', device]);
    for (const name of small.namespaces) await runCommand(['ip', 'netns', 'del', name]);
    const stored = JSON.parse(await readFile(lab, 'utf8')) as object;
    await writeFile(lab, JSON.stringify({ ...stored, boot: 'an earlier one' }));
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(await traces(small)).toEqual([]);
  });
});

describe('a removal that fails', () => {
  it('removes the rest, says what is left, and can be repeated', async () => {
    const blocker = join(scratch, 'blocker');
    const plan = {
      ...small.plan,
      resources: [
        ...small.plan.resources,
        commandOf({
          id: 'stubborn',
          stage: 'flows',
          lane: 'host',
          where: LOCAL,
          do: { tool: 'exec', argv: ['touch', blocker] },
          undo: { tool: 'exec', argv: ['rmdir', blocker] },
          why: 'be in the way',
        }),
      ],
    };
    await up(small.lab, plan);
    await expect(down(small.lab.name)).rejects.toMatchObject({
      code: 'apply/left',
      what: 'Taking back `stubborn` failed.',
      why: expect.stringContaining('Not a directory') as string,
    });
    expect(await traces(small)).toEqual([]);
    expect(await listLabs()).toMatchObject([{ state: 'partial' }]);
    await runCommand(['rm', blocker]);
    await runCommand(['mkdir', blocker]);
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(existsSync(process.env.PATCHLAB_STATE ?? '')).toBe(false);
  });
});
