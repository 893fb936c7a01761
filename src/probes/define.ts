import type { z } from 'zod';
import type { SpokenClass } from '../frames/classes.js';
import type { Frame } from '../frames/frame.js';
import type { DeviceState } from '../hops/device.js';
import type { Model } from '../hops/emit.js';
import type { Way } from '../hops/predict.js';
import type { IpStacks } from '../ip/stack.js';
import type { Sights } from '../hops/sight.js';
import type { Cause, Hop } from '../hops/types.js';
import type { Memory } from '../hops/world.js';
import type { Address, Check, Lab, Stack } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Inquiry } from './inquiry.js';
import type { SeenFrame } from '../frames/decode.js';

/** One end of a probe: the device where its frames start or end. */
export interface Endpoint {
  readonly stack: Stack;
  readonly device: string;
  readonly mac: string;
  /** MACs of all devices of the stack; an LLDP agent may take any of them for its chassis. */
  readonly stackMacs: readonly string[];
  readonly hop: Hop;
  readonly addresses: readonly Address[];
}

/**
 * A frame with the way that it takes, or would take if nothing dropped it. A probe is a chain of legs: a ping is ARP request,
 * ARP reply, echo request, echo reply.
 */
export interface Leg extends Way {
  readonly name: string;
  readonly class: SpokenClass;
  /** The device that sends it, and the one that is to receive it. */
  readonly from: Hop;
  readonly to: Hop;
  /** What the model is asked about. */
  readonly frame: Frame;
  /** A question to all on a segment, which stands before the frame that the probe is about. */
  readonly isQuestion?: boolean | undefined;
  /** It is sent in any case: that nobody has seen it says that it was lost, whatever has come behind it. */
  readonly isAlwaysSent?: true;
  /** What devices know when it is sent; nothing where that does not matter. */
  readonly memory?: Memory;
  /** It stands for a protocol, and whoever hears it learns nothing of its sender. */
  readonly isMadeUp?: true | undefined;
  /** Where packet filters of the stack that sends it see it, and what it is sent for; none where a program writes it to the device itself. */
  readonly sights?: Sights | undefined;
  /** Why it is not sent, where a captured frame says so for whoever was to send it: that a port is closed. */
  readonly refusal?: (seen: SeenFrame) => Cause | undefined;
  /** Is a captured frame this leg's? By content: chassis id, ARP pair, ICMP id; never by time. */
  matches(this: { readonly frame: Frame }, seen: SeenFrame): boolean;
}

/** A state of a device that is looked at, in place of frames that are sent. */
export interface State extends Pick<Leg, 'name' | 'path' | 'prediction'> {
  /** Has the device of a hop of the path what it needs, as it shows itself? */
  readonly holds: (index: number, device: DeviceState) => boolean;
}

/**
 * What a stack is to forget before something is sent. Whom its kernel knows it asks again by itself, by unicast, and the answer
 * would be taken for the one that is waited for.
 */
export interface Forgetting {
  readonly stack: Stack;
  /** Devices, each with the family whose neighbours it has there. */
  readonly neighbours: readonly { readonly device: string; readonly family: 4 | 6 }[];
  /** What routers have said of the sizes that they take, too. */
  readonly sizes?: boolean;
}

/** A program to run in a stack. */
export interface Invocation {
  readonly stack: Stack;
  readonly argv: readonly string[];
  /** What the stack is to forget before. */
  readonly forgets?: Omit<Forgetting, 'stack'>;
  /** Does it want a /run where no other program like it has files? */
  readonly ownRun?: true;
  /** Milliseconds after which it is ended. */
  readonly timeout: number;
}

/** A program that listens at a port of a stack for the whole run. */
export interface Server {
  readonly stack: Stack;
  readonly argv: readonly string[];
  /** Table of proc_net(5) that shows its socket. */
  readonly table: string;
  readonly port: number;
  /** The device that it hears alone, where others may listen at the port on other devices. */
  readonly device?: string;
}

/** A probe made ready for a lab: what to run and how to know its frames. */
export interface Probe {
  readonly kind: string;
  /** Which of its frames, in words, where the kind has a choice: class, tag, payload. */
  readonly variant?: string;
  readonly check: Check;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Its frames in the order in which they are sent; several times where several answer, and the first one counts. */
  readonly courses: readonly (readonly Leg[])[];
  /** Sends the frames once. Its exit code means nothing: what the captures saw does. None where nothing is sent. */
  readonly send?: Invocation;
  /** Runs beside it, once for each sending. */
  readonly beside?: Invocation;
  /** Listens at the receiver, and answers. */
  readonly server?: Server;
  /** What is looked at where nothing is sent. */
  readonly state?: State;
  /** What is asked where nothing is sent. */
  readonly question?: Inquiry;
  /** What is done in the stacks on the way before each sending: they forget whom they know. */
  readonly before?: readonly Forgetting[];
  /** What a probe uses for itself while it runs (neighbour tables); two that share something do not run at once. */
  readonly uses: readonly string[];
  /** A daemon at the receiver, as a second witness beside the capture. */
  readonly witness?: Witness;
  /** Groups that are joined while it runs, as who receives its frames would. */
  readonly joins?: readonly Join[];
}

/** A group address that a device listens to. */
export interface Join {
  readonly stack: Stack;
  readonly device: string;
  /** MAC. */
  readonly group: string;
}

/**
 * A daemon that listens in the receiving stack for the whole run and is asked what it heard. Witnesses of
 * one name and stack are one daemon with several devices.
 */
export interface Witness {
  readonly name: string;
  readonly stack: Stack;
  readonly device: string;
  /** MAC of the group that the daemon joins on each of its devices as the last thing before it listens there. */
  readonly group: string;
  /** Argument array that runs the daemon in the foreground for these devices. It sees a /run of its own. */
  daemon(devices: readonly string[]): readonly string[];
  /** Argument array that asks the daemon what it heard. */
  readonly ask: readonly string[];
  /** Does the answer hold what the probe sent? */
  confirms(answer: string): boolean;
}

/** What impairments on the way of a probe ask of those who wait for it. */
export interface Patience {
  /** Milliseconds that its frames take longer than without, at most. */
  readonly ms: number;
  /** How likely impairments leave all of its frames as they are, 0 to 1. */
  readonly intact: number;
}

/** A probe kind: one file, one descriptor, one line in the registry. */
export interface ProbeKind<Z extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly title: string;
  /** Markdown. */
  readonly doc: string;
  /** The fields of its own; `from`, `to`, `expect` and `at` are added to it, unless it looks at a place. */
  readonly schema: Z;
  /** It sends nothing and looks at one place, its field `at`; what it may `expect`, in its own words. */
  readonly looks?: Readonly<Record<Check['expect'], string>>;
  /** Somebody is asked, and says himself what is missing. */
  readonly asks?: true;
  /** Filter for tcpdump (pcap-filter(7)) that lets its frames in; none where there are none. */
  readonly filter?: string;
  /** Its frames go from one end to the other, and nobody answers. */
  readonly oneWay?: true;
  /** Programs that the stacks at both ends must have. */
  readonly programs: readonly string[];
  /** Make it ready, or say what keeps it from running in this lab (no common subnet). Paths are relative to the check. */
  prepare(check: Check & z.output<Z>, ends: ProbeEnds, around: Around): Probe | readonly Problem[];
}

/** The lab around a probe. */
export interface Around {
  readonly lab: Lab;
  readonly model: Model;
  readonly stacks: IpStacks;
}

/** The devices that `from` and `to` may stand for: one when the reference names it, else all of the stack. */
export interface ProbeEnds {
  readonly from: readonly Endpoint[];
  readonly to: readonly Endpoint[];
}

/** Let the schema's type flow into the descriptor's functions. */
export const defineProbe = <Z extends z.ZodObject>(kind: ProbeKind<Z>): ProbeKind<Z> => kind;
