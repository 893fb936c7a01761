import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES, type Command, type Step } from '../../../src/plan/step.js';
import { batchesOf } from '../../../src/plan/tools/batches.js';
import { bundlesOf, type Bundle } from '../../../src/plan/tools/bundles.js';

const ip = (...args: string[]): Command => ({ tool: 'ip', args });
const exec = (...argv: string[]): Command => ({ tool: 'exec', argv });
const sysctl: Command = { tool: 'sysctl', key: 'k', value: 'v' };

const step = (id: string, fields: Partial<Step> = {}): Step => ({
  id,
  stage: 'inside',
  lane: 'host',
  where: { machine: 'local' },
  do: ip(id),
  why: id,
  ...fields,
});

const bundles = (steps: readonly Step[]): readonly Bundle[] => bundlesOf(batchesOf(steps));
const ids = (steps: readonly Step[]) =>
  bundles(steps).map(({ parts }) => parts.map((part) => part.steps.map(({ id }) => id)));

describe('bundlesOf', () => {
  it('sends what is done inside a guest by one call: addresses, settings and devices of all its namespaces', () => {
    const at = (host: string, netns?: string) => ({
      lane: host,
      where: { machine: 'local', inside: host, ...(netns !== undefined && { netns }) },
    });
    const steps = ['guest:a', 'guest:b'].flatMap((host) => [
      step(`${host} add`, at(host)),
      step(`${host} set`, { ...at(host), do: sysctl }),
      step(`${host} inner`, at(host, 'c1')),
      step(`${host} up`, at(host)),
    ]);
    expect(ids(steps)).toEqual(
      ['guest:a', 'guest:b'].map((host) =>
        ['add', 'set', 'inner', 'up'].map((what) => [`${host} ${what}`]),
      ),
    );
  });

  it('leaves enough bundles for all processors', () => {
    const many = Array.from({ length: 100 }, (_, n) =>
      step(String(n), { lane: `n${n}`, where: { machine: 'local', netns: `n${n}` } }),
    );
    const sizes = bundles(many).map(({ parts }) => parts.length);
    expect(Math.max(...sizes)).toBe(16);
    expect(sizes).toHaveLength(7);
    expect(bundles(many).flatMap(({ after }) => after)).toEqual([]);
  });

  it('leaves alone what may last, and lets nobody else wait for it', () => {
    const steps = ['x', 'y'].flatMap((lane) => [
      step(`${lane}1`, { lane, do: exec('sleep', '9') }),
      step(`${lane}2`, { lane }),
      step(`${lane}3`, { lane, do: sysctl }),
    ]);
    expect(ids(steps)).toEqual([[['x1']], [['y1']], [['x2'], ['x3']], [['y2'], ['y3']]]);
    expect(bundles(steps).map(({ after }) => after)).toEqual([[], [], [0], [1]]);
  });

  it('keeps stages and hosts apart', () => {
    const steps = [
      step('a', { stage: 'stacks' }),
      step('b', { stage: 'devices' }),
      step('c', { where: { machine: 'local', inside: 'g' }, lane: 'g' }),
      step('d'),
    ];
    expect(ids(steps)).toEqual([[['a']], [['b']], [['c']], [['d']]]);
  });

  it('runs every batch once, after those that it comes after, for any plan', () => {
    const anyStep = fc.record({
      stage: fc.constantFrom(...STAGES),
      lane: fc.constantFrom('a', 'b', 'c'),
      host: fc.constantFrom('local', 'guest:g'),
      netns: fc.constantFrom(undefined, 'n', 'm'),
      command: fc.constantFrom<Command>(ip('link'), exec('true'), sysctl),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (drawn) => {
        const batches = batchesOf(
          drawn.map(({ stage, lane, host, netns, command }, index) =>
            step(String(index), {
              stage,
              lane,
              do: command,
              where: { machine: host, ...(netns !== undefined && { netns }) },
            }),
          ),
        );
        const all = bundlesOf(batches);
        const order = all.flatMap(({ parts }) => parts);
        expect(new Set(order)).toEqual(new Set(batches));
        expect(order).toHaveLength(batches.length);
        const home = (index: number): number =>
          all.findIndex(({ parts }) => batches[index] && parts.includes(batches[index]));
        for (const [index, batch] of batches.entries()) {
          const own = home(index);
          const before = reachable(all, own);
          for (const earlier of batch.after) {
            expect(home(earlier) === own || before.has(home(earlier))).toBe(true);
            expect(order.indexOf(batch)).toBeGreaterThan(
              order.findIndex((one) => one === batches[earlier]),
            );
          }
        }
        for (const [index, { after }] of all.entries())
          for (const earlier of after) expect(earlier).toBeLessThan(index);
      }),
    );
  });
});

function reachable(all: readonly Bundle[], index: number): ReadonlySet<number> {
  const direct = all[index]?.after ?? [];
  return new Set(direct.flatMap((earlier) => [earlier, ...reachable(all, earlier)]));
}
