import { messageOf, PatchlabError } from '../errors.js';
import type { FileFilter, FileFilters } from '../nft/file-filter.js';
import { parseRuleset } from '../nft/ruleset.js';
import { devicesIn } from '../plan/inside-stack.js';
import { isOnMachine } from '../where.js';
import type { Lab, LabNode, NodeRuleset, Stack } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Source } from '../topology/source.js';
import { TopologyError } from '../topology/topology-error.js';
import { tryCommand } from './command.js';
import { ownNetwork } from './own-network.js';

/**
 * What the packet filters of a file are, in nft's own words. nft(8) itself reads the text, into a network namespace that
 * nobody else is in and that goes with the programs in it: nothing of it ever reaches the machine's own rules.
 */

export interface FilterOptions {
  /** The file, for what nft refuses of it. */
  readonly source?: Source | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Exit codes of the script: the namespace is not as it has to be; nft refuses the text. */
const UNUSABLE = 70;
const REFUSED = 65;

/** Make the devices that are named, load the rules from standard input, print all that is there. */
const COMPILE = `
while [ $# -gt 0 ]; do
  ip link add name "$1" type veth peer name "\${2:-patchlab-peer}" || exit ${UNUSABLE}
  shift
  [ $# -eq 0 ] || shift
done
command -v nft >/dev/null || { echo 'nft is not installed' >&2; exit ${UNUSABLE}; }
nft list ruleset >/dev/null || exit ${UNUSABLE}
nft -f - || exit ${REFUSED}
nft -j list ruleset && echo && echo = && nft -a list ruleset && echo && echo = || exit ${UNUSABLE}
sysctl -e net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables \\
  net.bridge.bridge-nf-filter-vlan-tagged 2>/dev/null
exit 0
`;

/** What nft makes of a text, or why that is not known. */
type Compiled = FileFilter | { readonly refused: string };

async function compile(
  text: string,
  devices: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Compiled> {
  const unknown = (why: string): Compiled => ({ text, ...NOTHING, unknown: why });
  try {
    const { exitCode, stdout, stderr } = await tryCommand(
      [...ownNetwork(), 'sh', '-c', COMPILE, 'patchlab', ...devices],
      { input: `${text.trimEnd()}\n`, timeout: 20_000, signal },
    );
    if (exitCode === REFUSED) return { refused: stderr };
    if (exitCode !== 0) return unknown(firstLine(stderr));
    const [json = '', words = '', settings = ''] = stdout.split(/^=$/m);
    return {
      ...{ text, ruleset: parseRuleset(json, words) },
      bridgeSettings: new Map(
        settings
          .trim()
          .split('\n')
          .map((line) => line.split(' = ') as [string, string]),
      ),
    };
  } catch (error) {
    if (!(error instanceof PatchlabError)) throw error;
    return unknown(messageOf(error));
  }
}

const NOTHING = { ruleset: parseRuleset('', ''), bridgeSettings: new Map<string, string>() };

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').replace(/\.$/, '');

/** A packet filter of a lab, and where it stands in the file. */
interface Written {
  readonly stack: Stack;
  readonly ruleset: NodeRuleset;
  readonly devices: readonly string[];
  readonly path: Problem['path'];
}

function writtenIn(node: LabNode): readonly Written[] {
  const { nft } = node.spec as { readonly nft?: string | object };
  return node.rulesets.flatMap((ruleset): readonly Written[] => {
    const stack = node.stacks.find(({ id }) => id === ruleset.stack);
    if (!stack) return [];
    const key = typeof nft === 'string' ? [] : [stack.namespace ?? node.name];
    // Those that the text does not name make no difference.
    const devices = devicesIn(node, stack).filter((name) => ruleset.text.includes(name));
    return [{ stack, ruleset, devices, path: ['nodes', node.name, 'nft', ...key] }];
  });
}

/** What a kernel says, and not nft: another one may take it. */
const BY_KERNEL = /Could not process rule/;

/** A line of nft that says what is wrong, and where in the text. */
const COMPLAINT = /^\/dev\/stdin:(\d+):(\d+)-\d+: Error: (.*)$/gm;

/** What nft refuses of a text, as problems of the file. */
function refusals({ path, ruleset }: Written, said: string): readonly Problem[] {
  const lines = ruleset.text.trimEnd().split('\n').length;
  const found = Array.from(said.matchAll(COMPLAINT), ([, line, column, what = '']) => ({
    ...{ what, within: { line: Number(line), column: Number(column) } },
  }));
  const inside = found.filter(({ within }) => within.line <= lines);
  const all = inside.length > 0 ? inside : [{ what: firstLine(said), within: undefined }];
  return all.map(({ what, within }) => ({
    ...{ code: 'topology/packet-filter', path, ...(within && { within }) },
    what: `nft refuses this: ${what}.`,
  }));
}

/**
 * Read the packet filters that a file gives its stacks.
 * @throws TopologyError for what nft refuses, where the file is there to show the place
 */
export async function readFilters(
  { nodes }: Pick<Lab, 'nodes'>,
  { source, signal }: FilterOptions = {},
): Promise<FileFilters> {
  const known = new Map<string, Promise<Compiled>>();
  const once = ({ ruleset: { text }, devices }: Written): Promise<Compiled> => {
    const key = [text, ...devices].join('\0');
    const compiled = known.get(key) ?? compile(text, devices, signal);
    known.set(key, compiled);
    return compiled;
  };
  const problems: Problem[] = [];
  const read = await Promise.all(
    nodes.flatMap(writtenIn).map(async (written) => {
      const { stack, ruleset } = written;
      const compiled = await once(written);
      if (!('refused' in compiled)) return [stack.id, compiled] as const;
      const isOther = !isOnMachine(stack.where) && BY_KERNEL.test(compiled.refused);
      if (source && !isOther) problems.push(...refusals(written, compiled.refused));
      const unknown = `nft refuses them on this machine (${firstLine(compiled.refused)})`;
      return [stack.id, { ...NOTHING, text: ruleset.text, unknown }] as const;
    }),
  );
  if (source && problems.length > 0) throw new TopologyError(source, problems);
  return new Map(read);
}
