import { isOwnStack, type Where } from '../../../where.js';
import { defineResource, ip, type Act } from '../define.js';
import { DEFAULT_MTU, dress, mtuWords, redress, type HostDress } from '../host-device.js';
import { devicesOf, readDevice, readMade } from '../read-device.js';

/** One end of a veth pair. */
interface PairEnd {
  readonly device: string;
  readonly mac: string;
  readonly mtu?: number | undefined;
  /** Network namespace that the end is made in; that of the command when absent. */
  readonly netns?: string | undefined;
  /** It is in this host's own stack. */
  readonly host?: HostDress | undefined;
}

interface Pair {
  readonly ends: readonly [PairEnd, PairEnd];
}

const words = ({ device, netns, mac, mtu }: PairEnd): readonly string[] => [
  device,
  ...(netns === undefined ? [] : ['netns', netns]),
  ...['address', mac, ...mtuWords(mtu)],
];

/** Where an end is. */
const placeOf = ({ netns }: PairEnd, where: Where): Where =>
  netns === undefined ? where : { ...where, netns };

/** A veth pair, whose ends are made where they belong, with their final names: veth(4). */
export const veth = defineResource<Pair>({
  type: 'veth',
  noun: 'veth pair',
  lingers: true,
  stage: (where) => (isOwnStack(where) ? 'devices' : 'inside'),
  owns({ ends }) {
    const first = ends.find(({ host }) => host);
    return first && { type: 'link', name: first.device, mac: first.mac };
  },
  make({ ends }) {
    const [a, b] = ends;
    const onHost = ends.filter(({ host }) => host);
    return [
      ip('link', 'add', 'name', ...words(a), 'type', 'veth', 'peer', 'name', ...words(b)),
      ...onHost.flatMap((end, index): readonly Act[] => {
        const acts = end.host ? dress(end.device, end.host, end.mtu) : [];
        // The second comes with the step of the first, and is claimed by its mark.
        const owns = { type: 'link', name: end.device, mac: end.mac } as const;
        return acts.map((act, place) => (index > 0 && place === 0 ? { ...act, owns } : act));
      }),
    ];
  },
  remove({ ends }, { where }) {
    const [first] = ends;
    const { device, netns } = ends.find(({ host }) => host) ?? first;
    const act = ip('link', 'del', 'dev', device);
    return [netns === undefined ? act : { ...act, where: { ...where, netns } }];
  },
  change: (old, wanted, { where }) =>
    wanted.ends.flatMap((end, index): readonly Act[] => {
      const before = old.ends[index] ?? end;
      const { device } = end;
      const set = (...args: readonly string[]): Act => ({
        ...ip('link', 'set', 'dev', device, ...args),
        where: placeOf(end, where),
      });
      return [
        ...(before.mac === end.mac ? [] : [set('address', end.mac)]),
        ...(before.mtu === end.mtu ? [] : [set('mtu', String(end.mtu ?? DEFAULT_MTU))]),
        ...(before.host && end.host ? redress(device, before.host, end.host) : []),
      ];
    }),
  // Where one end is down, the other has no carrier (drivers/net/veth.c, veth_close). A pair without an end on the host is left to its link.
  pulled({ ends: [a, b] }, { makes = [] }) {
    const down = (end: PairEnd): PairEnd =>
      end.host ? { ...end, host: { ...end.host, up: false } } : end;
    return {
      wanted: { ends: [down(a), down(b)] },
      down: [a, b].flatMap(({ host }, index) => (host ? (makes[index] ?? []) : [])),
    };
  },
  questions: ({ ends }, where) => ends.flatMap((end) => devicesOf(placeOf(end, where))),
  read({ ends }, look, { where }) {
    const real = ends.map((end) =>
      readDevice(look, placeOf(end, where), end.device, end, (row) => readMade(end, row)),
    );
    const [a, b] = real;
    return a && b && { ends: [a, b] };
  },
});
