import type { Problem } from '../topology/problem.js';
import { didYouMean } from '../topology/suggest.js';
import { localText, parseLocal } from './local.js';
import type { OvsDeviceSpec } from './ovs-options.js';

/** Patch ports of the bridges of Open vSwitch of one node: each names the one that it is joined to. */

/** A patch port, by the index of its bridge and its own. */
interface Patch {
  readonly bridge: number;
  readonly index: number;
  readonly name: string;
  readonly peer: string;
}

type Bridges = readonly OvsDeviceSpec[];

const nameOf = (text: string): string => localText(parseLocal(text));

const patchesOf = (bridges: Bridges): readonly Patch[] =>
  bridges.flatMap(({ ports }, bridge) =>
    ports.flatMap(({ port, peer }, index) =>
      peer === undefined ? [] : [{ bridge, index, name: nameOf(port), peer: nameOf(peer) }],
    ),
  );

const namespaceOf = (text: string): string | undefined => parseLocal(text).namespace;

function whyNot(patch: Patch, all: readonly Patch[]): Pick<Problem, 'what' | 'fix'> | undefined {
  const { name, peer } = patch;
  if (name === peer)
    return {
      what: `The patch port \`${name}\` names itself.`,
      fix: 'name the one that it is joined to',
    };
  const other = all.find((one) => one.name === peer);
  if (!other) {
    const known = all.map((one) => one.name).filter((one) => one !== name);
    return {
      what: `No bridge of the node has a patch port \`${peer}\`.`,
      fix: () => didYouMean(peer, known),
    };
  }
  if (namespaceOf(name) !== namespaceOf(peer))
    return {
      what: `The patch ports \`${name}\` and \`${peer}\` are in different namespaces, and so in different Open vSwitches.`,
      fix: 'join the bridges by a veth pair',
    };
  if (other.peer === name) return undefined;
  return {
    what: `The patch port \`${name}\` names \`${peer}\`, which names \`${other.peer}\`.`,
    fix: `let \`${peer}\` name \`${name}\``,
  };
}

/** The bridges with RSTP that hear each other over patch ports: by the first patch port of the way. */
function rapidOver(
  bridges: Bridges,
  patches: readonly Patch[],
): readonly { readonly patch: Patch; readonly other: number }[] {
  const farEnd = ({ peer }: Patch): Patch | undefined => patches.find(({ name }) => name === peer);
  return patches
    .filter(({ bridge }) => bridges[bridge]?.rstp)
    .flatMap((patch) => {
      const way = [patch];
      // A list that grows while it is walked.
      for (const at of way) {
        const entered = farEnd(at);
        const other = entered?.bridge ?? -1;
        if (bridges[other]?.rstp) return [{ patch, other }];
        const onward = patches.filter((one) => one.bridge === other && one !== entered);
        if (bridges[other]?.stp === false) way.push(...onward.filter((one) => !way.includes(one)));
      }
      return [];
    });
}

/** What is wrong with the patch ports of the bridges of a node. Paths begin with the index of the bridge. */
export function patchProblems(bridges: Bridges): readonly Problem[] {
  const patches = patchesOf(bridges);
  const pathOf = ({ bridge, index }: Patch) => [bridge, 'ports', index, 'peer'];
  const wrong = patches.flatMap((patch): Problem[] => {
    const why = whyNot(patch, patches);
    return why ? [{ code: 'topology/unknown-device', path: pathOf(patch), ...why }] : [];
  });
  if (wrong.length > 0) return wrong;
  return rapidOver(bridges, patches)
    .filter(({ patch, other }) => patch.bridge <= other)
    .map(({ patch, other }) => ({
      ...{ code: 'topology/wrong-value', path: pathOf(patch) },
      what: `\`${bridges[patch.bridge]?.name}\` and \`${bridges[other]?.name}\` would speak RSTP with each other over patch ports.`,
      why: 'The one would hear a BPDU while the other still sends it, and ovs-vswitchd ends itself then (lib/rstp.c of Open vSwitch 3.1, rstp_receive_bpdu: rstp_mutex is locked already).',
      fix: 'write `stp: true` on both, or join them by a veth pair',
    }));
}
