import { describe, expect, it } from 'vitest';
import type { MacsecSettings } from '../../src/hops/macsec.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, cliJson, scratchFolder, status, topologyFile } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** MACsec devices of every setting, in two stacks of one guest: its kernel has them. */

const OTHER = '00112233445566778899aabbccddeeff';
/** A peer, and the keys that are believed to be its own. */
const peer = (side: string, name: string, keys = ''): string =>
  keys === '' ? `'g/${side}:${name}'` : `{ device: 'g/${side}:${name}', keys: { ${keys} } }`;

/** A pair: settings of `a`, settings of `b`, keys that `b` believes to be those of `a`; `-` where it does not know it. */
type Pair = readonly [name: string, a: string, b: string, keys?: string];

/** Pairs by the cable that they share. Who is not strict takes what nobody on its cable knows. */
const CABLES: readonly (readonly Pair[])[] = [
  [
    ['plain', '', ''],
    [
      'sealed',
      'encrypt: true, cipher: gcm-aes-256, encodingsa: 2',
      'encrypt: true, cipher: gcm-aes-256',
    ],
    ['icv', 'icvlen: 12', 'icvlen: 12, encrypt: true'],
    // With another key: strict, not strict, and encrypted, which nobody can hand on.
    ['key', '', '', `0: { key: '${OTHER}' }`],
    ['keyc', '', 'validate: check', `0: { key: '${OTHER}' }`],
    ['keyd', '', 'validate: disabled', `0: { key: '${OTHER}' }`],
    ['keye', 'encrypt: true', 'validate: disabled', `0: { key: '${OTHER}' }`],
    ['off', '', '', '0: { on: false }'],
    ['offc', '', 'validate: check', '0: { on: false }'],
    ['late', '', 'replay: true, window: 5', '0: { pn: 100000 }'],
    ['early', '', 'replay: true, window: 100000', '0: { pn: 100000 }'],
    ['icvs', 'icvlen: 16', 'icvlen: 8'],
    ['mute', 'encodingsa: 1, keys: { 0: {} }', ''],
  ],
  [['nosci', 'send_sci: false, end_station: true', 'send_sci: false']],
  // Without a peer.
  [
    ['alone', '', '', '-'],
    ['alonec', '', 'validate: check', '-'],
    ['alonee', 'encrypt: true', 'validate: check', '-'],
  ],
  // What is sent in the clear, to one that does not take it and to one that does.
  [['clear', 'protect: false, validate: check', '']],
  [['open', 'protect: false', 'validate: check']],
];

const end = (side: string, cable: number, pair: Pair, port: number): string => {
  const [name, a, b, keys] = pair;
  const [settings, other] = side === 'a' ? [a, 'b'] : [b, 'a'];
  const peers = side === 'b' && keys === '-' ? '' : peer(other, name, side === 'b' ? keys : '');
  const channel = settings.includes('send_sci') ? '' : `port: ${port}, `;
  return `{ kind: macsec, name: '${side}:${name}', lower: '${side}:e${cable}', ${channel}peers: [${peers}], ${settings} }`;
};

const DEVICES = CABLES.flatMap((pairs, cable) => [
  `{ kind: veth, name: 'a:e${cable}', peer: 'b:e${cable}' }`,
  ...pairs.flatMap((pair, index) => ['a', 'b'].map((side) => end(side, cable, pair, index + 1))),
]);

const LAB = `name: hms
nodes:
  g:
    kind: vm
    memory: 1GiB
    namespaces: [a, b]
    devices:
${DEVICES.map((device) => `      - ${device}\n`).join('')}
      # Two on one device, one of them strict; a VLAN on top.
      - { kind: macsec, name: 'b:second', lower: 'b:e4', port: 2 }
      - { kind: macsec, name: 'b:third', lower: 'b:e4', port: 3, validate: check }
      - { kind: vlan, name: 'a:v7', lower: 'a:plain', id: 7 }
      - { kind: vlan, name: 'b:v7', lower: 'b:plain', id: 7 }
links: []
`;

const folder = scratchFolder();
const lab = matrixLab(LAB, {
  sizes: [1464, 1468],
  pairs: [
    ...CABLES.flat().map(([name]) => [`g/a:${name}`, `g/b:${name}`] as const),
    // Below them: in the clear, and to a device on the other one.
    ['g/a:e0', 'g/b:e0'],
    ['g/a:e3', 'g/b:clear'],
    ['g/a:e4', 'g/b:open'],
    ['g/a:open', 'g/b:second'],
    ['g/a:open', 'g/b:third'],
    ['g/a:v7', 'g/b:v7'],
  ],
});

const lost = (name: string, other = name): readonly string[] =>
  lostIn(lab.cells, `g/a:${name}`, `g/b:${other}`);
const arrived = (name: string, other = name): readonly string[] =>
  arrivedIn(lab.cells, `g/a:${name}`, `g/b:${other}`);

/** A tag finds no room on top of a full MTU. */
const TOO_LONG = ['1468 octets in 7'];

describe('the model of MACsec devices', () => {
  it('is what the kernel does with every class, setting and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it('carries every class sealed, encrypted or not, whatever is written into the SecTAG', () => {
    for (const name of ['plain', 'sealed', 'early']) {
      expect([name, lost(name)]).toEqual([name, TOO_LONG]);
      expect([name, lostIn(lab.cells, `g/b:${name}`, `g/a:${name}`)]).toEqual([name, TOO_LONG]);
    }
    // Eight octets less for the SCI.
    expect(lost('nosci')).toEqual([]);
    expect(lost('e0')).toEqual([]);
  });

  it('takes what is in the clear, of a stranger or of another key unless it is strict or cannot read it', () => {
    for (const name of ['clear', 'alone', 'alonee', 'key', 'keye', 'off', 'late', 'mute', 'icvs'])
      expect([name, arrived(name)]).toEqual([name, []]);
    expect(arrived('open', 'second')).toEqual([]);
    for (const name of ['open', 'alonec', 'keyc', 'keyd', 'offc'])
      expect(arrived(name).length).toBeGreaterThan(15);
    expect(arrived('open', 'third')).toEqual(arrived('open'));
  });

  it('shows on the cable what is sealed, and not what is encrypted', () => {
    const raw = (name: string) =>
      lab.cells
        .filter(({ from }) => from === `g/a:${name}`)
        .map(({ frame, sights }) =>
          sights[1]?.some((bytes) => bytes.slice(24, 28) === '88e5' && bytes.includes(frame.token)),
        );
    expect(raw('plain').filter((one) => one === true).length).toBeGreaterThan(15);
    expect(raw('sealed')).not.toContain(true);
  });

  it('is contradicted when it believes in other keys, other peers, or another validation', () => {
    const believe = (change: (settings: MacsecSettings) => Partial<MacsecSettings>) =>
      believing(lab.cells, (hop: Hop) =>
        hop.kind === 'macsec'
          ? { ...hop, settings: { ...hop.settings, ...change(hop.settings as MacsecSettings) } }
          : hop,
      ).flatMap(contradiction);
    expect(believe(() => ({ peers: {} }))).not.toEqual([]);
    expect(believe(() => ({ own: { 0: { key: OTHER, pn: 1 } } }))).not.toEqual([]);
    expect(believe(() => ({ validate: 'strict' }))).not.toEqual([]);
    expect(believe(() => ({ validate: 'check' }))).not.toEqual([]);
    expect(believe(() => ({ window: 0 }))).not.toEqual([]);
  });
});

describe('a MACsec device', () => {
  const resources = async (text: string) => {
    const next = await topologyFile(folder, 'hms.yaml', text);
    return (await cliJson('up', next)).result.changes.map(({ id, how }) => [id, how]);
  };

  it('is read back as it was made, and what somebody makes of it is told and mended', async () => {
    expect((await status('hms')).drift).toEqual([]);
    const change = `ip link set plain type macsec encrypt on
ip macsec set key tx sa 0 off
ip macsec set sealed tx sa 2 off; ip macsec del sealed tx sa 2`;
    expect((await cli(['exec', 'g/a', '--', 'sh', '-c', change])).exitCode).toBe(0);
    const { drift } = await status('hms');
    expect(drift.map(({ id, how }) => [id, how])).toEqual([
      ['macsec g/a plain', 'change'],
      ['key 2 of g/a sealed', 'create'],
      ['key 0 of g/a key', 'change'],
    ]);
    expect((await cliJson('up', lab.file)).result.changes).toEqual(drift);
    expect((await status('hms')).drift).toEqual([]);
  });

  it('changes in place where the kernel lets it, with the keys of its peers', async () => {
    const text = LAB.replace(
      "name: 'a:plain', lower: 'a:e0'",
      "name: 'a:plain', encrypt: true, replay: true, lower: 'a:e0', keys: { 0: { key: '00112233445566778899aabbccddee00' } }",
    );
    const changed = await resources(text);
    expect(changed).toEqual([
      ['macsec g/a plain', 'change'],
      ['key 0 of g/a plain', 'replace'],
      [expect.stringMatching(/^key 0 of g\/b plain for /), 'replace'],
    ]);
    expect((await status('hms')).drift).toEqual([]);
  });
});
