import { execa } from 'execa';
import { expect, vi } from 'vitest';
import { cli, status } from './cli.js';

/** What takes the kernel seconds once a lab is up, waited for by looking at it. */

const patience = { timeout: 120_000, interval: 200 };

interface Link {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly addr_info?: readonly { readonly family: string; readonly tentative?: boolean }[];
  readonly linkinfo?: {
    readonly info_slave_data?: {
      readonly state?: string;
      readonly guard?: boolean;
      readonly root_block?: boolean;
    };
  };
}

/** The links that `ip -j` prints, without the loopback and those that have no carrier; of others it prints `{}`. */
const linksIn = (json: string): readonly Link[] =>
  (JSON.parse(json) as (Link | Record<string, never>)[]).filter(
    (link): link is Link =>
      'flags' in link && link.flags.includes('LOWER_UP') && !link.flags.includes('LOOPBACK'),
  );

/** Does a link have IPv6 addresses, all of them in use? Those of the file are from the start, its own of one cable later. A port of a bridge has none. */
function hasAddresses({ master, addr_info = [] }: Link): boolean {
  const own = addr_info.filter(({ family }) => family === 'inet6');
  return (
    master !== undefined || (own.length > 0 && own.every(({ tentative }) => tentative !== true))
  );
}

/** Duplicate address detection has ended in every namespace and guest of a lab, and the groups of the addresses are joined. */
export async function addressesInUse(lab: string): Promise<void> {
  const { nodes } = await status(lab);
  const argv = ['ip', '-j', 'address', 'show'];
  const waiting = async (): Promise<readonly string[]> => {
    const found = nodes.map(async ({ name, netns }) => {
      const { stdout } = netns
        ? await execa('ip', ['netns', 'exec', netns, ...argv])
        : await cli(['exec', '--lab', lab, name, '--', ...argv]);
      const links = linksIn(stdout).filter((link) => !hasAddresses(link));
      return links.map(({ ifname }) => `${name}:${ifname}`);
    });
    return (await Promise.all(found)).flat();
  };
  // In hooks there is no expect.poll.
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), patience);
}

/** Every port of a bridge on this machine forwards, unless it is one that need not: spanning tree has decided. */
export async function bridgesForward(): Promise<void> {
  const argv = ['-d', '-j', 'link', 'show', 'type', 'bridge_slave'];
  const states = async (): Promise<readonly unknown[]> => {
    const ports = linksIn((await execa('ip', argv)).stdout);
    expect(ports).not.toEqual([]);
    const told = ports.flatMap(({ linkinfo }) => linkinfo?.info_slave_data ?? []);
    const must = told.filter(({ guard, root_block }) => guard !== true && root_block !== true);
    return [...new Set(must.map(({ state }) => state))];
  };
  await vi.waitFor(async () => expect(await states()).toEqual(['forwarding']), patience);
}

/** libvirt has copied to the macvtap of a guest's port what the guest wants to hear: its groups, or everything. */
export async function filterCopied(
  lab: string,
  port: string,
  wants: 'its groups' | 'everything',
): Promise<void> {
  const { links } = await status(lab);
  const hops = links
    .map((link) => link.hops)
    .find((some) => some.some(({ host, device }) => `${host}:${device}` === `guest:${port}`));
  const device = hops?.find(({ kind }) => kind === 'macvtap')?.device ?? '';
  const heard =
    wants === 'everything'
      ? { argv: ['-o', 'link', 'show', 'dev', device], shows: 'PROMISC' }
      : { argv: ['maddress', 'show', 'dev', device], shows: '33:33:ff:' };
  await vi.waitFor(
    async () => expect((await execa('ip', heard.argv)).stdout).toContain(heard.shows),
    patience,
  );
}
