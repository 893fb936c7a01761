import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES, type Command, type Step } from '../../../src/plan/step.js';
import { batchesOf, undoSteps } from '../../../src/plan/tools/batches.js';

const ip = (...args: string[]): Command => ({ tool: 'ip', args });
const exec = (...argv: string[]): Command => ({ tool: 'exec', argv });

const step = (id: string, fields: Partial<Step>): Step => ({
  id,
  stage: 'devices',
  lane: 'host',
  where: { machine: 'local' },
  do: ip(id),
  why: id,
  ...fields,
});

const ids = (steps: readonly Step[], direction?: 'undo') =>
  batchesOf(steps, direction).map((batch) => batch.steps.map(({ id }) => id));

describe('batchesOf', () => {
  it('joins neighbours of one tool and place, and keeps the order', () => {
    const inside = { where: { machine: 'local', netns: 'n' } };
    const steps = [
      step('a', {}),
      step('b', {}),
      step('c', inside),
      step('d', { do: { tool: 'sysctl', key: 'k', value: 'v' } }),
      step('e', {}),
    ];
    expect(ids(steps)).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
    expect(batchesOf(steps).map(({ after }) => after)).toEqual([[], [0], [1], [2]]);
  });

  it('goes through the stages in their order, or backwards', () => {
    const steps = [step('in', { stage: 'inside' }), step('st', { stage: 'stacks' })];
    expect(ids(steps)).toEqual([['st'], ['in']]);
    expect(ids(steps, 'undo')).toEqual([['in'], ['st']]);
  });

  it('shares what the lanes begin with', () => {
    const steps = ['x', 'y'].flatMap((lane) => [
      step(`${lane}1`, { lane }),
      step(`${lane}2`, { lane, where: { machine: 'local', netns: lane } }),
    ]);
    expect(ids(steps)).toEqual([['x1', 'y1'], ['x2'], ['y2']]);
    expect(batchesOf(steps).map(({ after, lanes }) => ({ after, lanes }))).toEqual([
      { after: [], lanes: ['x', 'y'] },
      { after: [0], lanes: ['x'] },
      { after: [0], lanes: ['y'] },
    ]);
  });

  it('lets no lane wait for what may last in another', () => {
    const steps = ['x', 'y'].flatMap((lane) => [
      step(`${lane}1`, { lane, do: exec('sleep', '9') }),
      step(`${lane}2`, { lane }),
    ]);
    expect(ids(steps)).toEqual([['x1'], ['y1'], ['x2'], ['y2']]);
    expect(batchesOf(steps).map(({ after }) => after)).toEqual([[], [], [0], [1]]);
  });

  it('lets a step wait for what it needs, whatever lane and stage that is from, and for nothing else', () => {
    const steps = [
      step('ns', { stage: 'stacks', at: 0 }),
      step('other', { stage: 'devices', lane: 'z', do: exec('sleep', '9') }),
      step('b2', { lane: 'y', after: [1], at: 2 }),
      step('b1', { lane: 'x', at: 1 }),
      step('in', { stage: 'inside', lane: 'a', after: [0, 2] }),
    ];
    const order = [steps[0], steps[1], steps[3], steps[2], steps[4]].flatMap((one) => one ?? []);
    const batches = batchesOf(order);
    const after = Object.fromEntries(
      batches.map((batch) => [
        batch.steps.map(({ id }) => id).join(),
        batch.after.map((index) => batches[index]?.steps.map(({ id }) => id).join()),
      ]),
    );
    expect(after).toEqual({ ns: [], other: [], b1: [], b2: ['b1'], in: ['ns', 'b2'] });
  });

  it('puts what a step needs into its own batch, where that is in front of it in one lane', () => {
    const steps = [step('a', { at: 0 }), step('b', { after: [0] })];
    expect(ids(steps)).toEqual([['a', 'b']]);
  });

  it('makes no batch larger than the tool takes', () => {
    const many = Array.from({ length: 1201 }, (_, n) => step(String(n), { lane: `l${n % 7}` }));
    const batches = batchesOf(many);
    expect(Math.max(...batches.map(({ steps }) => steps.length))).toBeLessThanOrEqual(500);
    expect(batches.length).toBeLessThan(6);
  });

  it('runs every step once, after those before it in its lane, for any plan', () => {
    const anyStep = fc.record({
      stage: fc.constantFrom(...STAGES),
      lane: fc.constantFrom('a', 'b', 'c'),
      netns: fc.constantFrom(undefined, 'n'),
      needs: fc.option(fc.nat(39), { nil: undefined }),
      command: fc.constantFrom<Command>(
        ip('link'),
        ip('alias', '#'),
        exec('true'),
        { tool: 'sysctl', key: 'k', value: 'v' },
        { tool: 'ovs-ofctl', bridge: 'b', flow: 'f' },
        { tool: 'ovs-ofctl', bridge: 'c', flow: 'f' },
      ),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (drawn) => {
        // As a plan has them: in the order of their stages, each after what it needs.
        const inStages = STAGES.flatMap((stage) => drawn.filter((one) => one.stage === stage));
        const steps = inStages.map(({ stage, lane, netns, command, needs }, index) =>
          step(String(index), {
            at: index,
            ...(needs !== undefined && needs < index && { after: [needs] }),
            stage,
            lane,
            do: command,
            where: { machine: 'local', ...(netns !== undefined && { netns }) },
          }),
        );
        const batches = batchesOf(steps);
        const flat = batches.flatMap((batch) => batch.steps);
        expect(flat.map(({ id }) => id).sort()).toEqual(steps.map(({ id }) => id).sort());
        for (const [index, batch] of batches.entries()) {
          expect(
            new Set(batch.steps.map(({ do: { tool }, where }) => JSON.stringify([tool, where])))
              .size,
          ).toBe(1);
          // All that is ahead in a lane or needed is in this batch, in front, or in one that it comes after.
          const before = reachable(batches, index);
          for (const current of batch.steps) {
            const ahead = steps
              .slice(0, Number(current.id))
              .filter(
                ({ id, lane }) => lane === current.lane || current.after?.includes(Number(id)),
              );
            for (const earlier of ahead) {
              const home = batches.findIndex(({ steps: all }) => all.includes(earlier));
              expect(home === index || before.has(home)).toBe(true);
              expect(flat.indexOf(earlier)).toBeLessThan(flat.indexOf(current));
            }
          }
        }
      }),
    );
  });
});

function reachable(batches: ReturnType<typeof batchesOf>, index: number): ReadonlySet<number> {
  const direct = batches[index]?.after ?? [];
  return new Set(direct.flatMap((earlier) => [earlier, ...reachable(batches, earlier)]));
}

describe('undoSteps', () => {
  it('reverses, and keeps what has an undo', () => {
    const steps = [
      step('a', { undo: ip('del', 'a') }),
      step('b', {}),
      step('c', { undo: ip('del', 'c') }),
    ];
    expect(undoSteps(steps).map((undo) => undo.do)).toEqual([ip('del', 'c'), ip('del', 'a')]);
    expect(ids(undoSteps(steps), 'undo')).toEqual([['c', 'a']]);
  });
});
