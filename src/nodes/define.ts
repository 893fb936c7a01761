import type { z } from 'zod';
import type { Attachment, PlanFacts } from '../links/define.js';
import type { Domain, Requirement, Where } from '../plan/step.js';
import type { Resource } from '../plan/resources/define.js';
import type { Look } from '../plan/resources/look.js';
import type { Lab, LabNode, Port, Via } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';

/** What a node's kind brings to the plan; what is inside its stacks is planned alike for all kinds. */
interface NodePlan {
  readonly resources: readonly Resource[];
  readonly domain?: Domain;
}

/** A guest that can go on from the stored state of another of its shape, in place of booting. */
export interface Template {
  /** Guest template whose image it runs. */
  readonly guest: string;
  /** Domain that stands for the shape: of all guests that one state serves it is the same, byte for byte. It belongs to no lab. */
  readonly xml: string;
  /** What tells this guest from the others, in the words that its init finds on the kernel's command line. */
  readonly identity: readonly string[];
}

/** Which stack of which node of a lab: its own, or that of an inner namespace. */
export interface StackPlace extends Pick<Lab, 'here' | 'machine'> {
  readonly lab: string;
  readonly node: string;
  readonly namespace: string | undefined;
}

/** How one gets into a node whose network namespace alone is not all of it. Argument arrays are of this machine. */
export interface NodeInside {
  /**
   * Runs a program in it.
   * @param tty - with a terminal, which the caller has
   */
  exec(argv: readonly string[], tty: boolean): readonly string[];
  /** Runs a shell in it that shows a prompt. */
  shell(prompt: string): readonly string[];
  /** What it says. */
  readonly log: {
    /** Its name among the programs of the node, and what it is called on this machine. */
    readonly program: string;
    readonly path: string;
    show(lines: number, follow: boolean): readonly string[];
  };
  /** In what state it is, as `status` says it. */
  state(look: Look): string;
}

/** A node kind: one file, one descriptor, one line in the registry. */
export interface NodeKind<Z extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly title: string;
  /** Markdown. */
  readonly doc: string;
  readonly example: string;
  /** The fields of its own; those common to all nodes are added to it. */
  readonly schema: Z;
  /** How its ports can be reached, in no order. */
  readonly accepts: readonly Via[];
  /** Kind of the hop that a port of this node is. */
  readonly portHop: string;
  /** Its ports are NICs, which filter what they take: how many of them one node has room for. */
  readonly nics?: number;
  /** A port is found by its MAC, so two of a node have different ones. */
  readonly portsByMac?: boolean;
  /** A node of this kind can hold a whole lab: what such a one is. */
  readonly holdsLabs?: object;
  /** Why a guest cannot hold one. */
  readonly notInGuest?: string;
  /** Why a user who is not root cannot have one. */
  readonly notRootless?: string;
  /** Why a user who is not root cannot reach a port of it by one of the ways that it accepts. */
  readonly notRootlessBy?: Partial<Record<Via, string>>;
  /** Where commands for a stack of the node run. */
  where(place: StackPlace): Where;
  /** What a node starts from: the guest template whose image it boots, and the disk image of the user's own. */
  boots?(spec: z.output<Z>): {
    readonly guest?: string | undefined;
    readonly disk?: string | undefined;
  };
  /** What of its fields does not fit together. Paths are relative to the node. */
  validate?(spec: z.output<Z>): readonly Problem[];
  requirements(node: LabNode<z.output<Z>>, facts: PlanFacts): readonly Requirement[];
  /** @param attachmentAt - what its link hands to it at a port */
  plan(
    node: LabNode<z.output<Z>>,
    attachmentAt: (port: Port) => Attachment | undefined,
    lab: Lab,
    facts: PlanFacts,
  ): NodePlan;
  /** All resources of a node, with those marked that its system makes by itself, and patchlab no more. */
  comesSetUp?(node: LabNode<z.output<Z>>, resources: readonly Resource[]): readonly Resource[];
  /** How one gets into a node of its own stack; left out where all of it is its network stacks, or a guest. */
  inside?(lab: string, node: LabNode<z.output<Z>>): NodeInside;
  /** What pulls the cable out of one of its ports, where it would not notice by itself. */
  pulled?(node: LabNode<z.output<Z>>, port: Port, lab: Lab): Resource;
  /** The shape of a node that may start warm; nothing for one that must boot. */
  template?(node: LabNode<z.output<Z>>, facts: PlanFacts): Template | undefined;
}

/** Let the schema's type flow into the descriptor's functions. */
export const defineNode = <Z extends z.ZodObject>(kind: NodeKind<Z>): NodeKind<Z> => kind;
