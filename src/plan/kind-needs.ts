import { deviceKinds } from '../devices/index.js';
import type { DeviceKind } from '../devices/define.js';
import { ANY_FACTS, type LinkKind, type WrittenLink } from '../links/define.js';
import { linkKinds, writtenLinkKinds } from '../links/index.js';
import { commonNodeFields } from '../nodes/common.js';
import type { NodeKind } from '../nodes/define.js';
import { nodeKinds } from '../nodes/index.js';
import type { ProbeKind } from '../probes/define.js';
import { probeKinds } from '../probes/index.js';
import type { Lab } from '../topology/lab.js';
import { parseTopology } from '../topology/parse.js';
import { choicesIn } from '../topology/schema-choices.js';
import { parseYaml, type ParsedSource } from '../topology/source.js';
import { TopologyError } from '../topology/topology-error.js';
import { makingNeeds, requirementsBeyond } from './plan.js';
import type { Requirement } from './step.js';

/** What each kind needs of the machine that has one, as its descriptor says of its own example. Pure. */

/** Where a kind is written in a topology. */
export type Area = 'link' | 'node' | 'device' | 'probe';

/** What a setting of a kind needs beyond what the kind itself does. */
interface SettingNeeds {
  /** As it is written: `vlan_filtering`. */
  readonly setting: string;
  readonly needs: readonly Requirement[];
}

export interface KindNeeds {
  readonly area: Area;
  readonly kind: string;
  readonly title: string;
  readonly needs: readonly Requirement[];
  readonly settings: readonly SettingNeeds[];
  /** What it needs of a guest that holds the lab, or why none can hold one. */
  readonly inGuest: { readonly needs: readonly Requirement[] } | { readonly why: string };
}

interface Example {
  readonly nodes: Readonly<Record<string, object>>;
  readonly links: readonly { readonly kind: string }[];
}

/** The same with other nodes or links. */
const withValue = (parsed: ParsedSource, changes: Partial<Example>): ParsedSource => ({
  ...parsed,
  value: { ...(parsed.value as Example), ...changes },
});

/** A kind of node that a guest can hold. */
const held = (nodeKinds as readonly NodeKind[]).find(({ notInGuest }) => notInGuest === undefined);

/** The nodes of an example as a guest can hold them. */
const heldNodes = ({ nodes }: Example): Example['nodes'] =>
  Object.fromEntries(
    Object.entries(nodes).map(([name, node]) => [
      name,
      {
        ...Object.fromEntries(
          Object.entries(node).filter(([key]) => key in commonNodeFields || key === 'devices'),
        ),
        kind: held?.kind,
      },
    ]),
  );

/** The settings of which each needs something by itself. */
const settingsOf = (
  choices: Readonly<Record<string, object>>,
  needs: readonly Requirement[],
  needsWith: (fields: object) => readonly Requirement[],
): readonly SettingNeeds[] =>
  Object.entries(choices)
    .map(([setting, fields]) => ({ setting, needs: requirementsBeyond(needs, needsWith(fields)) }))
    .filter((one) => one.needs.length > 0);

/** What comes of a topology; nothing where it does not hold. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TopologyError) return undefined;
    throw error;
  }
}

function ofLink(kind: LinkKind): KindNeeds {
  const example = parseYaml(kind.kind, kind.example);
  const { links } = example.value as Example;
  const needsIn = (lab: Lab): readonly Requirement[] =>
    lab.links
      .filter((link) => link.kind === kind.kind)
      .flatMap((link) => kind.requirements(link as never, lab));
  const needs = requirementsBeyond([], needsIn(parseTopology(example).lab));
  return {
    ...{ area: 'link', kind: kind.kind, title: kind.title, needs },
    settings: settingsOf(choicesIn(kind.schema), needs, (fields) => {
      const changed = links.map((link) => ({ ...link, ...fields }));
      const parsed = attempt(() => parseTopology(withValue(example, { links: changed })));
      return parsed ? needsIn(parsed.lab) : [];
    }),
    inGuest: linkInGuest(kind, example, needsIn),
  };
}

function linkInGuest(
  { kind, notInGuest }: LinkKind,
  example: ParsedSource,
  needsIn: (lab: Lab) => readonly Requirement[],
): KindNeeds['inGuest'] {
  if (notInGuest !== undefined) return { why: notInGuest };
  const moved = withValue(example, { nodes: heldNodes(example.value as Example) });
  const parsed = attempt(() => parseTopology(moved, { inGuest: true }));
  return parsed
    ? { needs: requirementsBeyond([], needsIn(parsed.lab)) }
    : { why: `\`${kind}\` joins guests, and there are none in a guest` };
}

/** A kind that stands for others needs nothing by itself. */
const ofPicking = ({ kind, title }: WrittenLink): KindNeeds => ({
  ...{ area: 'link', kind, title, needs: [], settings: [], inGuest: { needs: [] } },
});

function ofNode(kind: NodeKind): KindNeeds {
  const { lab } = parseTopology(parseYaml(kind.kind, kind.example));
  const all = lab.nodes
    .filter((node) => node.kind === kind.kind)
    .flatMap((node) => kind.requirements(node as never, ANY_FACTS));
  const needs = requirementsBeyond([], all);
  return {
    ...{ area: 'node', kind: kind.kind, title: kind.title, needs, settings: [] },
    inGuest: kind.notInGuest === undefined ? { needs } : { why: kind.notInGuest },
  };
}

function ofDevice(kind: DeviceKind): KindNeeds {
  const written = parseYaml(kind.kind, kind.example).value as object;
  const needsWith = (fields: object): readonly Requirement[] => {
    const spec = kind.schema.safeParse({ ...written, ...fields });
    return spec.success ? (kind.requirements?.(spec.data) ?? []) : [];
  };
  const needs = requirementsBeyond([], [...makingNeeds(kind), ...needsWith({})]);
  const lacking = kind.onlyIn?.what ?? kind.daemon?.name;
  return {
    ...{ area: 'device', kind: kind.kind, title: kind.title, needs },
    settings: settingsOf(choicesIn(kind.schema), needs, needsWith),
    inGuest:
      lacking === undefined
        ? { needs }
        : { why: `there is no ${lacking} in a guest that holds a lab` },
  };
}

function ofProbe({ kind, title, programs }: ProbeKind): KindNeeds {
  const needs = programs.map((arg) => ({ check: 'command', arg }));
  return { ...{ area: 'probe', kind, title, needs, settings: [] }, inGuest: { needs } };
}

/** Every kind that a topology may write, in the order of the registries. */
export function needsOfKinds(): readonly KindNeeds[] {
  const built = new Map<string, LinkKind>(linkKinds.map((kind) => [kind.kind, kind]));
  return [
    ...writtenLinkKinds.map((kind) => {
      const own = built.get(kind.kind);
      return own ? ofLink(own) : ofPicking(kind);
    }),
    ...(nodeKinds as readonly NodeKind[]).map(ofNode),
    ...(deviceKinds as readonly DeviceKind[]).map(ofDevice),
    ...probeKinds.map(ofProbe),
  ];
}
