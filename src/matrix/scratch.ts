import type { FrameClass } from '../frames/classes.js';
import { nodeKind } from '../topology/kinds.js';
import type { VariantSet } from './variants.js';

/** Which frame of a matrix goes where: a cell of its table. */
export interface Cell {
  readonly variant: string;
  readonly class: FrameClass;
  /** `forth` is from the first end to the second. */
  readonly direction: 'forth' | 'back';
  readonly from: string;
  readonly to: string;
}

/** A lab to measure a link kind in, as a topology file has it, and its cells in the order of its checks. */
export interface Scratch {
  readonly definition: object;
  readonly cells: readonly Cell[];
}

/** Main memory of a guest: each of its captures takes some 10 MiB. */
const MEMORY = '512MiB';

/**
 * Frames that a NIC takes only while it is promiscuous, as it is under a bridge: nobody joins their group, or they are for
 * something behind the node.
 * They go over a cable of their own, at whose ends guests have bridges.
 */
const BEHIND: readonly FrameClass[] = ['pause', 'vlan-tagged', 'unicast-foreign'];

/** A cable of the lab: a setting between two ports. */
interface Cable {
  readonly variant: string;
  readonly fields: object;
  readonly bridged: boolean;
  readonly nodes: readonly [string, string];
  readonly port: string;
}

/** Name of the lab of a matrix. */
const scratchName = (kind: string): string => `matrix-${kind}`;

/** One lab with a cable for every setting side by side, between as few nodes as have room for them. Pure. */
export function scratchLab(set: VariantSet, classes: readonly FrameClass[]): Scratch {
  const cables = cablesOf(set, classes);
  const cells = cables.flatMap(({ variant, bridged, nodes: [a, b], port }) =>
    classes
      .filter((name) => !hasNics(set) || BEHIND.includes(name) === bridged)
      .flatMap((name): Cell[] => [
        { variant, class: name, direction: 'forth', from: `${a}:${port}`, to: `${b}:${port}` },
        { variant, class: name, direction: 'back', from: `${b}:${port}`, to: `${a}:${port}` },
      ]),
  );
  const definition = {
    name: scratchName(set.kind),
    title: `Every setting of a ${set.kind} link, side by side`,
    nodes: Object.fromEntries(
      [0, 1].flatMap((end) =>
        [...new Set(cables.map(({ nodes }) => nodes[end] ?? ''))].map((name) => [
          name,
          nodeOf(
            set.nodes[end] ?? '',
            cables.filter(({ nodes }) => nodes[end] === name),
          ),
        ]),
      ),
    ),
    links: cables.map(({ fields, nodes: [a, b], port }) => ({
      kind: set.kind,
      ...set.between(`${a}:${port}`, `${b}:${port}`),
      ...fields,
    })),
    verify: cells.map(({ class: name, from, to }) => ({ probe: 'frame', class: name, from, to })),
  };
  return { definition, cells };
}

const nicsOf = (kind: string): number | undefined => nodeKind(kind).nics;

const hasNics = ({ nodes }: VariantSet): boolean =>
  nodes.some((kind) => nicsOf(kind) !== undefined);

function cablesOf(set: VariantSet, classes: readonly FrameClass[]): readonly Cable[] {
  const kinds = [false, true].filter((bridged) =>
    hasNics(set)
      ? classes.some((name) => BEHIND.includes(name) === bridged)
      : !bridged && classes.length > 0,
  );
  const wanted = set.variants.flatMap(({ name, fields }) =>
    kinds.map((bridged) => ({ variant: name, fields, bridged })),
  );
  const room = Math.min(...set.nodes.map((kind) => nicsOf(kind) ?? Infinity));
  return wanted.map((cable, index) => {
    const group = 1 + Math.floor(index / room);
    return { ...cable, nodes: [`a${group}`, `b${group}`], port: `p${index + 1}` };
  });
}

function nodeOf(kind: string, cables: readonly Cable[]): object {
  if (nicsOf(kind) === undefined) return { kind };
  const bridged = cables.filter((cable) => cable.bridged);
  return {
    kind,
    memory: MEMORY,
    devices: bridged.map(({ port }) => ({
      kind: 'bridge',
      name: `br-${port}`,
      members: [port],
    })),
  };
}
