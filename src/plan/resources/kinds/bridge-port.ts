import { sameData } from '../../../same-data.js';
import { isOwnStack } from '../../../where.js';
import { defineResource, ip, type Act } from '../define.js';
import { readFrom, type LookAnswer } from '../look.js';
import { devicesOf, readDevice, readOptions } from '../read-device.js';

/** A port of a bridge, with what is set of it. */
export interface BridgePortState {
  readonly bridge: string;
  readonly device: string;
  /** By the words of ip-link(8), `type bridge_slave`. */
  readonly options: Readonly<Record<string, string>>;
  /** Where the bridge sorts frames into VLANs: that of frames without a tag (0 for none), and those that cross tagged. */
  readonly vlans?: { readonly pvid: number; readonly tagged: readonly number[] };
  /** Static entries of the bridge for what is behind it, where they are listed; sorted. */
  readonly macs?: readonly string[];
}

/** The MACs of the static entries that are there; those that are wanted where nobody can know. */
const listedIn = (entries: LookAnswer<'fdb'>, device: string, wanted: readonly string[]) =>
  readFrom(entries, wanted, (rows) => {
    const own = rows.filter(({ ifname, state }) => ifname === device && state === 'static');
    return [...new Set(own.map(({ mac }) => String(mac)))].sort();
  }) ?? [];

const DEFAULT_PVID = 1;

/** What an option is that nobody has set; the cost of a port, which its speed decides, is not among them. */
const USUAL: Readonly<Record<string, string>> = {
  ...{ group_fwd_mask: '0', priority: '32', mcast_router: '1' },
  ...{ learning: 'on', flood: 'on', mcast_flood: 'on', bcast_flood: 'on' },
  ...{ isolated: 'off', hairpin: 'off', guard: 'off', root_block: 'off', neigh_suppress: 'off' },
};

/**
 * bridge(8): a port begins in VLAN 1, untagged. To add a VLAN again without flags takes those that it had, so each is
 * added once, and the PVID after all others.
 */
function vlanActs({ device, vlans }: BridgePortState): readonly Act[] {
  if (!vlans) return [];
  const { pvid, tagged } = vlans;
  const act = (verb: 'add' | 'del', id: number, ...flags: readonly string[]): Act => ({
    do: {
      tool: 'exec',
      argv: ['bridge', 'vlan', verb, 'dev', device, 'vid', String(id), ...flags],
    },
  });
  return [
    ...(pvid === DEFAULT_PVID ? [] : [act('del', DEFAULT_PVID)]),
    ...tagged.map((id) => act('add', id)),
    ...(pvid === DEFAULT_PVID || pvid === 0 ? [] : [act('add', pvid, 'pvid', 'untagged')]),
  ];
}

/**
 * Entries that no frame from elsewhere takes to another port: bridge(8) `static`, `sticky`. A locked port goes on taking
 * what it heard before it was locked, so that is forgotten first.
 */
const macActs = ({ device, macs }: BridgePortState): readonly Act[] =>
  macs === undefined
    ? []
    : [
        ip('link', 'set', 'dev', device, 'type', 'bridge_slave', 'fdb_flush'),
        ...macs.map((mac): Act => ({
          do: {
            tool: 'exec',
            argv: ['bridge', 'fdb', 'replace', mac, 'dev', device, 'master', 'static', 'sticky'],
          },
        })),
      ];

/**
 * A device as a port of a bridge. The kernel reads the options of a port before its new master, so they go into a command
 * of their own (net/core/rtnetlink.c, __rtnl_newlink). A port that is taken off forgets what was set of it.
 */
export const bridgePort = defineResource<BridgePortState>({
  type: 'bridge-port',
  noun: 'port of a bridge',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make(wanted, { where, why }) {
    const { bridge, device, options } = wanted;
    const words = Object.entries(options).flat();
    const set = ['link', 'set', 'dev', device];
    const acts = [
      ip(...set, 'master', bridge),
      ...(words.length === 0 ? [] : [ip(...set, 'type', 'bridge_slave', ...words)]),
      ...vlanActs(wanted),
      ...macActs(wanted),
    ];
    return acts.map((act, index) => ({
      ...act,
      ...(index > 0 && {
        name: String(index + 1),
        why: isOwnStack(where) ? `settings of the port ${device}` : why,
      }),
    }));
  },
  remove: ({ device }) => [ip('link', 'set', 'dev', device, 'nomaster')],
  change(old, { bridge, device, options, vlans, macs }) {
    if (old.bridge !== bridge || old.device !== device) return 'that is said when it is plugged in';
    if (!sameData(old.vlans, vlans) || !sameData(old.macs, macs))
      return 'its VLANs and the list of its MACs begin anew when it is plugged in';
    const wanted: Record<string, string | undefined> = {
      ...Object.fromEntries(Object.keys(old.options).map((name) => [name, USUAL[name]])),
      ...options,
    };
    const lost = Object.keys(wanted).find((name) => wanted[name] === undefined);
    if (lost !== undefined) return `nothing says what ${lost} was before it was set`;
    return Object.entries(wanted).flatMap(([name, value]) =>
      value === undefined || old.options[name] === value
        ? []
        : [{ ...ip('link', 'set', 'dev', device, 'type', 'bridge_slave', name, value), name }],
    );
  },
  questions: ({ macs }, where) => [
    ...devicesOf(where),
    ...(macs ? [{ where, what: 'fdb' } as const] : []),
  ],
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ master, linkinfo }) => {
      const { bridge, device, options, vlans, macs } = wanted;
      if (master !== bridge) return undefined;
      const real = readOptions(options, linkinfo?.info_slave_data);
      return {
        ...{ bridge, device, options: real },
        ...(vlans && { vlans }),
        ...(macs && { macs: listedIn(look(where, 'fdb'), device, macs) }),
      };
    }),
});
