import { labOfMark, markOf } from '../../../plan/names.js';
import { runCommand } from '../../command.js';
import { defineThing } from '../define.js';

/** A link of the host's own stack, as far as patchlab looks at it. */
export interface LinkEntry {
  readonly name: string;
  readonly alias: string | undefined;
  readonly mac: string | undefined;
  readonly altnames: readonly string[];
  /** Kind by ip-link(8), e.g. `veth`; a tap is `tun`. */
  readonly kind: string | undefined;
}

interface IpLink {
  readonly ifname: string;
  readonly ifalias?: string;
  readonly address?: string;
  readonly altnames?: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
}

/** The links of this host's own stack, by name and by altname. */
async function readLinks(): Promise<ReadonlyMap<string, LinkEntry>> {
  const { stdout } = await runCommand(['ip', '-j', '-d', 'link', 'show']);
  const links = new Map<string, LinkEntry>();
  for (const link of JSON.parse(stdout) as readonly IpLink[]) {
    const { ifname: name, ifalias: alias, address: mac, altnames = [], linkinfo } = link;
    const entry = { name, alias, mac, altnames, kind: linkinfo?.info_kind };
    for (const key of [name, ...altnames]) links.set(key, entry);
  }
  return links;
}

/** A network device of the host's own stack. Its alias is the mark, and until that is set its address. */
export const link = defineThing({
  type: 'link',
  noun: 'network device',
  mark: (lab) => `its alias is ${markOf(lab)}`,
  isQuick: true,
  read: readLinks,
  isOurs(there: LinkEntry, owned, lab, { unmarked }) {
    if (there.name !== owned.name) return false;
    if (there.alias !== undefined) return there.alias === markOf(lab);
    const isAwaited = owned.lateMac !== undefined && there.kind === owned.lateMac;
    return there.mac === owned.mac || (isAwaited && unmarked(owned));
  },
  async marked() {
    return [...(await readLinks())].flatMap(([key, { name, alias, mac }]) => {
      const lab = key === name ? labOfMark(alias) : undefined;
      return lab === undefined ? [] : [{ lab, owned: { type: 'link', name, mac: mac ?? '' } }];
    });
  },
  removal: ({ name }) => ['devices', { tool: 'ip', args: ['link', 'del', 'dev', name] }],
});
