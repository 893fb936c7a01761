import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { recordingHosts } from '../../support/recording-hosts.js';
import { applySteps } from '../../../src/apply/run.js';
import { schedule } from '../../../src/apply/schedule.js';
import { PatchlabError } from '../../../src/errors.js';
import { LOCAL, type Step } from '../../../src/plan/step.js';
import { batchesOf } from '../../../src/plan/tools/batches.js';

const step = (id: string, fields: Partial<Step> = {}): Step => ({
  id,
  stage: 'devices',
  lane: 'host',
  where: LOCAL,
  do: { tool: 'exec', argv: ['true', id] },
  why: id,
  ...fields,
});
const journal = { begin: () => Promise.resolve(), done: () => Promise.resolve() };

describe('applySteps on recording hosts', () => {
  it('runs what the plan says, where it says so', async () => {
    const hosts = recordingHosts();
    await applySteps(
      'demo',
      [
        step('b', { stage: 'inside', where: { machine: 'local', inside: 'sw1', netns: 'c1' } }),
        step('a', { do: { tool: 'ip', args: ['netns', 'add', 'x'] } }),
        step('a2', { do: { tool: 'ip', args: ['netns', 'add', 'y'] } }),
      ],
      { hosts, journal },
    );
    expect(hosts.commands).toMatchObject([
      { host: 'local', argv: ['ip', '-batch', '-'], input: 'netns add x\nnetns add y\n' },
      { host: 'guest:sw1', netns: 'c1', argv: ['true', 'b'] },
    ]);
  });

  it('hands domains to what makes them, and names the step where that fails', async () => {
    const made: string[] = [];
    const create = step('domain', { do: { tool: 'create-domain', domain: 'd', xml: '<domain/>' } });
    const run = (fail: boolean) =>
      applySteps('demo', [create], {
        hosts: recordingHosts(),
        journal,
        executors: {
          'create-domain': ({ xml }) => {
            made.push(xml);
            if (!fail) return Promise.resolve();
            const what = 'libvirt could not start domain `d`.';
            return Promise.reject(new PatchlabError('libvirt/failed', { what, why: 'no memory' }));
          },
        },
      });
    await run(false);
    expect(made).toEqual(['<domain/>']);
    await expect(run(true)).rejects.toMatchObject({
      code: 'apply/step',
      what: 'Step `domain` failed: domain.',
      why: 'libvirt could not start domain `d`.\nno memory',
    });
  });

  it('keeps the code of a host that lacks something', async () => {
    const missing = new PatchlabError('command/missing', { what: 'No `ethtool`.' });
    const host = { name: 'local', run: () => Promise.reject(missing) };
    const hosts = { at: () => host, named: () => host, close: () => Promise.resolve() };
    await expect(applySteps('demo', [step('a')], { hosts, journal })).rejects.toMatchObject({
      code: 'command/missing',
      exitCode: 4,
      why: 'No `ethtool`.',
    });
  });
});

describe('schedule', () => {
  const lanes = (count: number): Step[] =>
    Array.from({ length: count }, (_, n) => step(`s${n}`, { lane: `l${n}` }));

  it('runs lanes side by side, but not more than the limit', async () => {
    let running = 0;
    let most = 0;
    await schedule(batchesOf(lanes(10)), { phase: 'build', concurrency: 3 }, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    });
    expect(most).toBe(3);
  });

  it('lets what needs nothing of a stage begin before that stage has ended', async () => {
    const began: string[] = [];
    const gate = new EventEmitter();
    const isThrough = once(gate, 'through');
    const steps = [
      step('guest', { stage: 'guests', lane: 'g' }),
      step('inside', { stage: 'inside', lane: 'n' }),
    ];
    await schedule(batchesOf(steps), { phase: 'build' }, async (bundle) => {
      const id = bundle.steps[0]?.id ?? '';
      began.push(id);
      if (id === 'guest') await isThrough;
      else gate.emit('through');
    });
    expect(began).toEqual(['guest', 'inside']);
  });

  it('removes stage by stage, the last first', async () => {
    const course: string[] = [];
    const steps = [
      step('first', { stage: 'devices', lane: 'a' }),
      step('later', { stage: 'inside', lane: 'b' }),
    ];
    await schedule(batchesOf(steps, 'undo'), { phase: 'remove' }, async (bundle) => {
      const id = bundle.steps[0]?.id ?? '';
      course.push(`${id} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      course.push(`${id} ends`);
    });
    expect(course).toEqual(['later begins', 'later ends', 'first begins', 'first ends']);
  });

  it('begins nothing more after the first error, tells the running ones, and waits for them', async () => {
    const began: string[] = [];
    let ended = 0;
    const run = schedule(
      batchesOf([...lanes(6), step('later', { stage: 'inside' })]),
      { phase: 'build', concurrency: 2 },
      async ({ steps }, signal) => {
        const id = steps[0]?.id ?? '';
        began.push(id);
        if (id === 's0') throw new Error('broken');
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        ended++;
      },
    );
    await expect(run).rejects.toThrow('broken');
    expect(began).toEqual(['s0', 's1']);
    expect(ended).toBe(1);
  });
});
