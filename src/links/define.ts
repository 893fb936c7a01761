import type { z } from 'zod';
import type { HopFragment } from '../hops/types.js';
import type { FileFilters } from '../nft/file-filter.js';
import type { Requirement } from '../plan/step.js';
import type { Resource } from '../plan/resources/define.js';
import type { Lab, LabLink, LinkEnd, Via } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';

/** What a link hands to the node at one of its ends. */
export type Attachment =
  /** A device that the link makes right inside the node's namespace, named like the port. */
  | { readonly via: 'netdev' }
  /** A tap that the link has made and that QEMU opens. Without `offload` the guest must finish its own checksums (a userspace switch does not). */
  | { readonly via: 'tap'; readonly device: string; readonly offload: boolean }
  /** A macvtap that libvirt makes on top of `lower`. */
  | {
      readonly via: 'macvtap';
      readonly device: string;
      readonly lower: string;
      readonly mode: 'vepa' | 'bridge' | 'private' | 'passthru';
      readonly trustGuestRxFilters: boolean;
    }
  /** Two UDP ports of 127.0.0.1 between which QEMU carries frames. */
  | { readonly via: 'udp'; readonly localPort: number; readonly remotePort: number };

/** Facts of the host that a plan depends on and that no topology says; read once, before planning. */
export interface PlanFacts {
  readonly accelerator: 'kvm' | 'tcg';
  /** Datapath of Open vSwitch: `system` where the kernel has it, else `netdev` (userspace). */
  readonly ovsDatapath: 'system' | 'netdev';
  /** Guest images by template name. */
  readonly guests: Readonly<Record<string, GuestFiles>>;
  /** Formats of the disk images of guests, by path. */
  readonly disks?: Readonly<Record<string, 'qcow2' | 'raw'>>;
  /** Folder of the templates of patchlab, which controllers run programs of. */
  readonly templates?: string;
  /** The packet filters of the file, as nft(8) reads them; the model knows of none where this is left out. */
  readonly filters?: FileFilters;
}

/** Which hops there are depends neither on the host nor on how guests are run: any facts will do to look at them. What packet filters do is not in these. */
export const ANY_FACTS: PlanFacts = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} };

export interface GuestFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly kernelArgs: readonly string[];
}

export interface LinkPlan {
  readonly resources: readonly Resource[];
  /** One for each end, in the order of the ends. */
  readonly attachments: readonly Attachment[];
  readonly hops: HopFragment;
}

/** What a topology may write as a link: a kind that is built, or one that stands for another. */
export interface WrittenLink<Z extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly title: string;
  /** Markdown: what it is, what crosses it, when to choose it. */
  readonly doc: string;
  /** A runnable topology in YAML that uses the kind. */
  readonly example: string;
  readonly schema: Z;
  /** All its ports with the path of each inside the spec, for messages. */
  ends(spec: z.output<Z>): readonly EndRef[];
}

/** A link kind: one file, one descriptor, one line in the registry. */
export interface LinkKind<Z extends z.ZodObject = z.ZodObject> extends WrittenLink<Z> {
  /** The ways in which it can reach a node, best first; the node's kind decides which it takes. */
  readonly offers: readonly Via[];
  /** Its place in what `auto` tries; never tried without. */
  readonly auto?: AutoTries;
  /** Pairs of indexes into `ends` that hear each other. */
  cables(spec: z.output<Z>): readonly (readonly [number, number])[];
  /** What the kind itself forbids, e.g. a macvtap cable without any guest. Paths are relative to the spec. */
  validate?(spec: z.output<Z>, ends: readonly LinkEnd[]): readonly Problem[];
  /** The facts of the host that its plan depends on; a lab without such a link is planned without them. */
  readonly facts?: readonly (keyof PlanFacts)[];
  /** Its cables can be moved while it is up: its plan reads them from the link, and a port may have none. */
  readonly isPanel?: true;
  /** Why a guest cannot hold one. */
  readonly notInGuest?: string;
  /** Why a user who is not root cannot have one. */
  readonly notRootless?: string;
  /** The machine's own interfaces that it takes: neither a guest has them nor a user who is not root. */
  ofMachine?(spec: z.output<Z>): readonly MachineDevice[];
  /** What the host must have for this link. */
  requirements(link: LabLink<z.output<Z>>, lab: Lab): readonly Requirement[];
  plan(link: LabLink<z.output<Z>>, lab: Lab, facts: PlanFacts): LinkPlan;
  /** What `patchlab matrix` compares, where that is not each choice of the schema by itself. */
  readonly variants?: LinkVariants;
}

/** Settings of a link kind side by side, between two ports each. */
interface LinkVariants {
  /** Kinds of the nodes at the two ends; namespaces where the kind reaches them, else guests. */
  readonly nodes?: readonly [string, string];
  /** Fields of the link by the name of the setting. */
  readonly settings?: Readonly<Record<string, object>>;
  /** The fields that name the two ends; `ends: [a, b]` when left out. */
  between?(a: string, b: string): object;
}

/** How `auto` tries a kind. */
interface AutoTries {
  /** Its rank among the kinds, the lowest is tried first: how much it takes on the host, and how much of it captures can see. */
  readonly cost: number;
  /** Names of its variants, the simplest first; `plain` is the kind as it is. */
  readonly tries: readonly string[];
}

/** An interface of the machine, by its name there, and where in the spec it is named. */
export interface MachineDevice {
  readonly device: string;
  readonly path: EndRef['path'];
}

export interface EndRef {
  readonly ref: string;
  readonly path: readonly (string | number)[];
}

/** Let the schema's type flow into the descriptor's functions. */
export const defineLink = <Z extends z.ZodObject>(kind: LinkKind<Z>): LinkKind<Z> => kind;
