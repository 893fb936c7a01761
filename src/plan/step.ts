import type { Resource } from './resources/define.js';
import type { Where } from '../where.js';
import type { WireguardConfig } from './wireguard-config.js';

/**
 * A plan is data: typed commands with their inverse, in stages. Nothing here touches a host.
 */

export { LOCAL, type Where } from '../where.js';

/**
 * One change, typed by the tool that makes it; `src/plan/tools/` holds one descriptor per tool.
 * Arguments are arrays, never shell strings.
 */
export type Command =
  | { readonly tool: 'ip'; readonly args: readonly string[] }
  | { readonly tool: 'sysctl'; readonly key: string; readonly value: string }
  | { readonly tool: 'ovs-vsctl'; readonly args: readonly string[] }
  | {
      readonly tool: 'ovs-ofctl';
      readonly bridge: string;
      readonly flow: string;
      /** Versions of OpenFlow that may be spoken with it; as ovs-ofctl(8) does when left out. */
      readonly versions?: string;
    }
  | { readonly tool: 'nft'; readonly rules: string }
  | { readonly tool: 'wg'; readonly device: string; readonly config: WireguardConfig }
  /** `seconds` is what it may last, where that is long. */
  | { readonly tool: 'exec'; readonly argv: readonly string[]; readonly seconds?: number }
  | { readonly tool: 'remove-file'; readonly path: string }
  | { readonly tool: 'create-domain'; readonly domain: string; readonly xml: string }
  | { readonly tool: 'destroy-domain'; readonly domain: string; readonly uuid: string }
  | { readonly tool: 'await-agent'; readonly domain: string; readonly seconds?: number }
  /** Plug a NIC into a domain that runs; `xml` is its `<interface>`. */
  | { readonly tool: 'attach-nic'; readonly domain: string; readonly xml: string }
  /** Unplug a NIC from a domain that runs, and wait until its guest has let go of it. */
  | { readonly tool: 'detach-nic'; readonly domain: string; readonly mac: string }
  /** Inside a guest: wait for a NIC that was plugged in, and give it the name of its port. */
  | { readonly tool: 'name-nic'; readonly mac: string; readonly name: string };

export type ToolName = Command['tool'];
export type CommandOf<T extends ToolName> = Extract<Command, { tool: T }>;

/**
 * The thing that a step brings into being, with the mark by which it is known as patchlab's. An undo
 * removes it only if it carries the mark.
 */
export type Owned =
  /** A link of the local host. `mac` is derived from the lab and set when the link is made, so that it is marked from the first moment; the alias follows. */
  | {
      readonly type: 'link';
      readonly name: string;
      readonly mac: string;
      /** It is a bridge of the kernel. */
      readonly bridge?: true;
      /** Its kind by ip-link(8), where the kernel chooses an address first and `mac` comes with the mark. */
      readonly lateMac?: string;
    }
  /** A network namespace. The alias of its `lo` tells people whose it is; patchlab knows it by what the journal keeps of the inode that the kernel gave it. */
  | { readonly type: 'netns'; readonly name: string }
  /** An Open vSwitch bridge; `external_ids:patchlab` is the mark. */
  | { readonly type: 'ovs-bridge'; readonly name: string }
  /** The tables of nftables that have this name, one in each family; the name, which is the lab's alone, is the mark. */
  | { readonly type: 'nft-table'; readonly name: string }
  /** A program that runs for a lab; its files and its environment, which have this name, are the mark. */
  | { readonly type: 'process'; readonly name: string }
  /** A container, by its engine and its name: `docker/LAB.NODE`; its label is the mark. */
  | { readonly type: 'container'; readonly name: string }
  /** A libvirt domain; its derived uuid and its metadata are the mark. */
  | { readonly type: 'domain'; readonly name: string; readonly uuid: string };

/** The parts that a plan falls into for whoever reads it. Where nothing else says what comes first, they follow each other. */
export const STAGES = [
  'stacks',
  'devices',
  'switches',
  'flows',
  'guests',
  'attach',
  'inside',
] as const;
export type Stage = (typeof STAGES)[number];

/** In place of the position of what is there already, since nothing in a plan makes it. */
export const NOWHERE = -1;

export interface Step {
  /** Unique within the plan and stable between runs. */
  readonly id: string;
  readonly stage: Stage;
  /** The node whose it is, or this host: the steps of a lane run one after the other. */
  readonly lane: string;
  /** Positions of the resources that must be there before, in the order in which all are made; src/plan/resources/order.ts tells. */
  readonly after?: readonly number[] | undefined;
  /** The position of the resource that is there when it has ended. */
  readonly at?: number | undefined;
  readonly where: Where;
  readonly do: Command;
  /** The inverse; absent when something else's undo takes this away too (what is in a namespace goes with it). */
  readonly undo?: Command;
  /** What `do` creates, if it creates something that outlives the step. */
  readonly owns?: Owned;
  /** One sentence for the reader of the plan. */
  readonly why: string;
}

/** A check of the host that must hold before anything is touched; `src/apply/doctor/` holds one descriptor per check. */
export interface Requirement {
  readonly check: string;
  /** What exactly is checked, e.g. the kind of a link or the name of a program. */
  readonly arg?: string;
}

export interface Domain {
  readonly node: string;
  readonly name: string;
  readonly uuid: string;
  readonly xml: string;
}

export interface Plan {
  readonly lab: string;
  /** What the lab consists of; the steps that make it follow from them: `src/plan/resources/steps.ts`. */
  readonly resources: readonly Resource[];
  readonly domains: readonly Domain[];
  readonly requirements: readonly Requirement[];
}
