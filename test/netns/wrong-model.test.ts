import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { withHosts } from '../../src/apply/session.js';
import { rulesOf } from '../../src/hops/kinds/index.js';
import { drop } from '../../src/hops/outcome.js';
import type { FrameClass } from '../../src/frames/classes.js';
import { classifyFrame, type SeenFrame } from '../../src/frames/decode.js';
import type { Frame } from '../../src/frames/frame.js';
import { PASS, type Crossing, type HopKind } from '../../src/hops/types.js';
import { prepareChecks } from '../../src/probes/prepare.js';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import { verifyLab } from '../../src/verify/verify.js';
import { down, upFile, type Planned } from '../bench/patchlab.js';
import { scratchFolder, topologyFile } from '../support/cli.js';

/**
 * When the model is wrong, verify says so: one rule of it is altered at a time, and the same lab, whose links do what
 * they always did, is verified with the wrong model and with the right one.
 */

const address = (last: number) =>
  Object.fromEntries([1, 2, 3, 4, 5].map((port) => [`eth${port}`, `10.0.${port}.${last}/24`]));
const ends = (port: number) => [`a:eth${port}`, `b:eth${port}`];
const LAB = {
  name: 'wrong-model',
  nodes: {
    a: { kind: 'netns', addresses: address(1) },
    b: { kind: 'netns', addresses: address(2) },
  },
  links: [
    { kind: 'veth', ends: ends(1) },
    { kind: 'bridge', ends: ends(2) },
    { kind: 'ovs-switch', ends: ends(3) },
    { kind: 'ovs-panel', patches: [ends(4)] },
    { kind: 'macvlan', mode: 'bridge', ends: ends(5) },
  ],
  verify: [
    ...[1, 2, 3, 4, 5].flatMap((port) =>
      (['lldp', 'arp'] as const).map((probe) => ({
        ...{ probe, from: `a:eth${port}`, to: `b:eth${port}` },
        ...(probe === 'lldp' && (port === 2 || port === 3) && { expect: 'blocked' }),
      })),
    ),
    { probe: 'frame', class: 'unicast-foreign', from: 'a:eth5', to: 'b:eth5', expect: 'blocked' },
  ],
};

const folder = scratchFolder();
let planned: Planned;

beforeAll(async () => {
  const file = await topologyFile(folder, 'lab.json', JSON.stringify(LAB));
  planned = await upFile(file, new AbortController().signal);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => down(LAB.name));

/** Alter what a hop kind does with the frames of a class, and with no others. */
function alter(
  name: string,
  frameClass: FrameClass,
  rule: (crossing: Crossing) => ReturnType<HopKind['forward']>,
): void {
  const kind = rulesOf(name);
  const right = kind.forward.bind(kind);
  vi.spyOn(kind, 'forward').mockImplementation((crossing, frame, world) =>
    isOf(frame, frameClass) ? rule(crossing) : right(crossing, frame, world),
  );
}

/** Is it a frame of a class, as far as those of this lab tell? */
const isOf = (frame: Frame, frameClass: FrameClass): boolean => {
  const found = classifyFrame(frame as SeenFrame);
  if (found !== undefined) return found === frameClass;
  return frameClass === 'unicast-foreign' && frame.etherType === 0x88b5;
};

/** The verdicts by `PROBE PORT`, with one attempt for each check. */
async function prove(): Promise<ReadonlyMap<string, Verdict>> {
  const { lab, wiring, plan } = planned;
  expect(prepareChecks(lab, wiring.model).problems).toEqual([]);
  const { verdicts, findings } = await withHosts(plan, (hosts) =>
    verifyLab(lab, wiring, hosts, { attempts: 1 }),
  );
  expect(findings).toEqual([]);
  return new Map(verdicts.map((one) => [`${one.probe} ${one.from.replace('a:', '')}`, one]));
}

/** What is unpredicted in a run: the checks. */
const surprisesIn = (verdicts: ReadonlyMap<string, Verdict>): readonly string[] =>
  [...verdicts].flatMap(([name, { surprise }]) => (surprise === null ? [] : [name]));

it('the right model predicts every frame', async () => {
  const verdicts = await prove();
  expect(surprisesIn(verdicts)).toEqual([]);
  expect([...verdicts.values()].filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

it.each([
  { kind: 'bridge', frame: 'lldp', check: 'lldp eth2' },
  { kind: 'ovs-switch', frame: 'lldp', check: 'lldp eth3' },
  { kind: 'macvlan', frame: 'unicast-foreign', check: 'frame eth5' },
] as const)(
  'a model whose $kind passes $frame, which the kernel drops, is called wrong',
  async ({ kind, frame, check }) => {
    alter(kind, frame, () => PASS);
    const verdicts = await prove();
    expect(surprisesIn(verdicts)).toEqual([check]);
    const verdict = verdicts.get(check);
    // The check itself is as intended: that the model is wrong must be said even so.
    expect(verdict).toMatchObject({
      outcome: 'pass',
      predicted: { outcome: 'pass' },
      blame: { reason: null, predicted: false },
    });
    expect(verdict?.surprise).toMatch(/model knows of nothing .* or the model is wrong/);
  },
);

it.each([
  { kind: 'veth', frame: 'lldp', check: 'lldp eth1' },
  { kind: 'bridge', frame: 'arp-request', check: 'arp eth2' },
  { kind: 'ovs-switch', frame: 'arp-reply', check: 'arp eth3' },
  { kind: 'ovs-panel', frame: 'lldp', check: 'lldp eth4' },
  { kind: 'macvlan', frame: 'arp-reply', check: 'arp eth5' },
] as const)(
  'a model whose $kind drops $frame, which the kernel passes, is called wrong',
  async ({ kind, frame, check }) => {
    alter(kind, frame, () => drop('A rule that is wrong.', 'Mend the model.', 'nowhere'));
    const verdicts = await prove();
    const verdict = verdicts.get(check);
    expect(verdict).toMatchObject({ outcome: 'pass', predicted: { outcome: 'blocked' } });
    expect(verdict?.surprise).toMatch(
      /model says that the .* dies at .*, but everything arrived: the model or the kernel is wrong/,
    );
  },
);
