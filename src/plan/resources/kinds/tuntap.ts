import { sameData } from '../../../same-data.js';
import { defineResource, ip } from '../define.js';
import { DEFAULT_MTU, mtuWords } from '../host-device.js';
import { ownMac } from '../look.js';
import { devicesOf, readDevice } from '../read-device.js';

interface TuntapState {
  readonly device: string;
  readonly mode: 'tun' | 'tap';
  /** A tun has none. */
  readonly mac?: string;
  /** Left out where nobody has set it. */
  readonly mtu?: number;
  /** Numbers of the user and the group that may open it; all may where neither is there. */
  readonly user?: number;
  readonly group?: number;
  /** In the words of ip-tuntap(8): those that are on. */
  readonly flags: readonly string[];
}

/** A number that is shown as a name, where the kernel's machine has one for it, is as wanted. */
const ownerOf = (shown: unknown, wanted: number | undefined): number | undefined =>
  typeof shown === 'string' ? wanted : typeof shown === 'number' ? shown : undefined;

/** A tun or tap in a stack that stays when no program has it open: ip-tuntap(8). */
export const tuntap = defineResource<TuntapState>({
  type: 'tuntap',
  noun: 'tun or tap device',
  stage: () => 'inside',
  make: ({ device, mode, mac, mtu, user, group, flags }) => [
    ip(
      ...['tuntap', 'add', 'dev', device, 'mode', mode],
      ...(user === undefined ? [] : ['user', String(user)]),
      ...(group === undefined ? [] : ['group', String(group)]),
      ...flags,
    ),
    ...(mac === undefined && mtu === undefined
      ? []
      : [
          {
            ...ip(
              ...['link', 'set', 'dev', device],
              ...[...(mac === undefined ? [] : ['address', mac]), ...mtuWords(mtu)],
            ),
            name: 'set',
          },
        ]),
  ],
  // Not tuntap del, which must be told the flags as well.
  remove: ({ device }) => [ip('link', 'del', 'dev', device)],
  change(old, { mac, mtu, ...wanted }) {
    const { mac: before, mtu: size, ...made } = old;
    if (!sameData(made, wanted)) return 'that is said when it is made';
    const set = ['link', 'set', 'dev', wanted.device];
    return [
      ...(before === mac || mac === undefined ? [] : [ip(...set, 'address', mac)]),
      ...(size === mtu ? [] : [ip(...set, 'mtu', String(mtu ?? DEFAULT_MTU))]),
    ];
  },
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) => {
      const { info_data: data = {} } = row.linkinfo ?? {};
      const { mac, mtu, user, group, ...rest } = wanted;
      const [owner, members] = [ownerOf(data['user'], user), ownerOf(data['group'], group)];
      return {
        ...rest,
        ...(mac !== undefined && { mac: ownMac(row) }),
        ...((mtu !== undefined || row.mtu !== DEFAULT_MTU) && { mtu: row.mtu }),
        ...(owner !== undefined && { user: owner }),
        ...(members !== undefined && { group: members }),
        mode: data['type'] === 'tap' ? 'tap' : 'tun',
        flags: ['pi', 'vnet_hdr', 'multi_queue'].filter((flag) => data[flag] === true),
      };
    }),
});
