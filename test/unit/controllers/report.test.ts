import { describe, expect, it } from 'vitest';
import { predictDiscovery } from '../../../src/controllers/discovery.js';
import { controllerKind } from '../../../src/controllers/index.js';
import { differenceOf, readReport, wantedOf } from '../../../src/controllers/report.js';
import { switchesIn, switchesOf } from '../../../src/controllers/switches.js';
import { wire } from '../../../src/plan/wire.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** What a controller reports, held against the file: missing, one-way, crossed, extra, not connected. */

const sw = (dpid: string) => ({
  ...{ kind: 'vm', guest: 'switch' },
  devices: [
    {
      ...{ kind: 'ovs', name: 'of', ports: ['eth1', 'eth2'], datapath_id: dpid.padStart(16, '0') },
      controllers: ['tcp:10.9.0.1:6653'],
    },
  ],
});
const lab = labOf({
  name: 'triangle',
  nodes: { s1: sw('1'), s2: sw('2'), s3: sw('3') },
  links: [
    { kind: 'udp', name: 'one', ends: ['s1:eth1', 's2:eth1'] },
    { kind: 'udp', name: 'two', ends: ['s1:eth2', 's3:eth1'] },
    { kind: 'macvtap', mode: 'vepa', name: 'deaf', ends: ['s2:eth2', 's3:eth2'] },
  ],
} as never);
const { model } = wire(lab, FACTS);
const switches = switchesIn(model.graph);
const kind = controllerKind('os-ken');
const links = predictDiscovery(lab, model, kind, switches);

type End = readonly [dpid: number, port: number];
const BOTH: readonly (readonly [End, End])[] = [
  [
    [1, 1],
    [2, 1],
  ],
  [
    [2, 1],
    [1, 1],
  ],
  [
    [1, 2],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 2],
  ],
];

function told(
  seen: readonly (readonly [End, End])[],
  { missing = ['deaf'], connected = [1, 2, 3], age = 0.1 } = {},
) {
  const wanted = wantedOf(links, missing, lab);
  if ('unknown' in wanted) return wanted;
  const end = ([dpid, port]: End) => ({ dpid: String(dpid).padStart(16, '0'), port });
  const text = JSON.stringify({
    switches: connected.map((dpid) => String(dpid).padStart(16, '0')),
    links: seen.map(([from, to]) => ({ from: end(from), to: end(to), age })),
  });
  return differenceOf({ node: 'ctl', kind, switches, ...wanted }, readReport(text, 2_000));
}

describe('a report', () => {
  it('is as it must be where all is seen but what must not be', () => {
    expect(told(BOTH)).toEqual({
      outcome: 'pass',
      message: 'os-ken in ctl sees 4 of 4 directions, as it must.',
    });
  });

  it('lacks a link, in both directions or one', () => {
    expect(told(BOTH.slice(2))).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining(
        's1:eth1 > s2:eth1 is missing. s2:eth1 > s1:eth1 is missing.',
      ) as string,
      lost: { name: 'discovery frame s1:eth1 > s2:eth1' },
      surprise: expect.stringContaining('The model says that s1:eth1 > s2:eth1 is seen') as string,
    });
    expect(told(BOTH.slice(1))).toMatchObject({
      message:
        'os-ken in ctl sees 3 of 4 directions. s1:eth1 > s2:eth1 is missing, and seen the other way round.',
    });
  });

  it('has lost a link that it has not seen since it is asked', () => {
    expect(told(BOTH, { age: 1.5 })).toMatchObject({ outcome: 'fail' });
  });

  it('tells a crossed cable, and a link of nobody', () => {
    const crossed = told([
      [
        [1, 1],
        [3, 1],
      ],
      ...BOTH.slice(1),
    ]);
    expect(crossed).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining(
        'What leaves s1:eth1 comes in at s3:eth1 and not at s2:eth1: the cable is crossed.',
      ) as string,
    });
    expect(
      told([
        ...BOTH,
        [
          [2, 9],
          [9, 1],
        ],
      ]),
    ).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining(
        'It sees port 9 of 0000000000000002 > port 1 of 0000000000000009, which is no link of the file.',
      ) as string,
    });
  });

  it('has what must not be seen, or says by which device it dies what must be', () => {
    expect(
      told([
        ...BOTH,
        [
          [2, 2],
          [3, 2],
        ],
      ]),
    ).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining(
        'It sees s2:eth2 > s3:eth2, which must not be seen.',
      ) as string,
    });
    expect(told(BOTH, { missing: [] })).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining(
        's2:eth2 > s3:eth2 is missing. Its frame dies at s3:eth2 macvtap.',
      ) as string,
    });
  });

  it('names the switches that have not connected, and where they should have', () => {
    expect(told([], { connected: [1] })).toMatchObject({
      outcome: 'fail',
      message: expect.stringMatching(
        /^s2:of, s3:of have not connected to os-ken in ctl by tcp:10\.9\.0\.1:6653:/,
      ) as string,
    });
  });

  it('is none where the controller does not run', () => {
    const wanted = wantedOf(links, ['deaf'], lab);
    if ('unknown' in wanted) throw new Error('deaf is a link');
    for (const text of [undefined, '', '{}', '{"switches":[]'])
      expect(
        differenceOf({ node: 'ctl', kind, switches, ...wanted }, readReport(text, 2_000)),
      ).toMatchObject({
        outcome: 'error',
        message: expect.stringContaining('`patchlab logs ctl`') as string,
      });
  });

  it('is asked about links that there are', () => {
    expect(told(BOTH, { missing: ['deaf', 'nowhere'] })).toEqual({ unknown: 1 });
    expect(told(BOTH, { missing: ['s2:eth2 > s3:eth2', 's3:eth2 > s2:eth2'] })).toMatchObject({
      outcome: 'pass',
    });
  });
});

describe('the switches of a controller', () => {
  it('are those that have an address of its node among their controllers', () => {
    expect(switchesOf(switches, ['10.9.0.1']).length).toBe(3);
    expect(switchesOf(switches, ['10.9.0.2', 'fd00::1'])).toEqual([]);
  });
});
