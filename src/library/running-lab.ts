import { down } from '../apply/down.js';
import type { CommandResult } from '../apply/command.js';
import { withHosts } from '../apply/session.js';
import { status, type Status } from '../apply/status.js';
import { PatchlabError } from '../errors.js';
import { plugLinks } from '../apply/cut.js';
import type { FrameClass } from '../frames/classes.js';
import { checkProblem, frameCheck } from '../probes/frame-check.js';
import { beginResult } from '../report/begin-result.js';
import type { VerifyResult } from '../report/result.js';
import { insideOf } from '../topology/kinds.js';
import type { Lab, LabNode, Stack } from '../topology/lab.js';
import { didYouMean } from '../topology/suggest.js';
import { traceFrame, type Trace } from '../verify/run/trace.js';
import { verifyLab } from '../verify/verify.js';
import type { Planned } from './build.js';
import { startCapture, type CaptureOptions, type RunningCapture } from './running-capture.js';

interface Signalled {
  readonly signal?: AbortSignal;
}

/** How a program is run in a node. */
export interface ExecOptions extends Signalled {
  /** Text for its standard input. */
  readonly input?: string;
  /** Milliseconds until it is ended. */
  readonly timeout?: number;
}

/** The network stack of a node that is up, or one of its inner namespaces. */
export interface RunningNode {
  /** `sw1`, `sw1/c1`. */
  readonly ref: string;
  /** Run a program to its end, whatever its exit code. @throws PatchlabError where it could not be run, or did not end in time */
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandResult>;
}

/** What is sent by `trace`. */
export interface TraceOptions extends Signalled {
  readonly frame?: FrameClass;
  /** Tag it with this VLAN. */
  readonly vlan?: number;
  /** Octets after its header and tag. */
  readonly payload?: number;
}

/** A lab that is up. */
export interface RunningLab {
  readonly name: string;
  readonly lab: Lab;
  /** @param ref - `sw1`, or `sw1/c1` for an inner namespace. @throws PatchlabError `lab/unknown-node` */
  node(ref: string): RunningNode;
  /** Prove its checks, as `patchlab verify` does: the result is what that prints with `--json`. */
  verify(options?: Signalled): Promise<VerifyResult>;
  /** Send one frame and follow it hop by hop. @param from - `sw1:eth1`, or `sw1` for the device nearest to the other end */
  trace(from: string, to: string, options?: TraceOptions): Promise<Trace>;
  /**
   * Capture on hops. Every capture listens once this is fulfilled.
   * @param places - hops by label, links or nodes; the whole lab when left out
   */
  capture(places?: readonly string[], options?: CaptureOptions): Promise<RunningCapture>;
  status(): Promise<Status>;
  /** Pull the cables of links, by their names: no end has carrier. */
  cut(...links: readonly string[]): Promise<void>;
  plug(...links: readonly string[]): Promise<void>;
  /** Take it down: this machine is as before. */
  down(): Promise<void>;
}

/** What a lab that is up is known by. */
export type Standing = Pick<Planned, 'lab' | 'plan' | 'wiring'>;

/** The handle of a lab that is up. */
export function runningLab(standing: Standing): RunningLab {
  const { lab, plan, wiring } = standing;
  const { name } = lab;
  return {
    ...{ name, lab },
    node(ref) {
      const found = stackCalled(lab, ref);
      return { ref, exec: (argv, options) => execIn(standing, found, argv, options) };
    },
    async verify({ signal } = {}) {
      const finish = beginResult();
      const asked = signal && { signal };
      const verified = await withHosts(plan, (hosts) => verifyLab(lab, wiring, hosts, asked));
      return finish(lab, verified);
    },
    async trace(from, to, { frame = 'unicast-own', vlan, payload, signal } = {}) {
      const check = frameCheck({ probe: 'frame', class: frame, vlan, payload }, from, to);
      if ('message' in check) throw checkProblem(check);
      const asked = signal && { signal };
      return withHosts(plan, (hosts) => traceFrame(lab, wiring, hosts, check, asked));
    },
    capture: (places = [], options = {}) => startCapture(standing, places, options),
    status: () => status(name),
    async cut(...links) {
      await plugLinks(name, 'cut', links);
    },
    async plug(...links) {
      await plugLinks(name, 'plug', links);
    },
    async down() {
      await down(name);
    },
  };
}

interface Found {
  readonly node: LabNode;
  readonly stack: Stack;
}

function stackCalled({ name, nodes }: Lab, ref: string): Found {
  const all = nodes.flatMap((node) => node.stacks.map((stack) => ({ node, stack })));
  const found = all.find(({ stack }) => stack.id === ref);
  if (found) return found;
  const refs = all.map(({ stack }) => stack.id);
  throw new PatchlabError('lab/unknown-node', {
    what: `Lab \`${name}\` has no node \`${ref}\`.`,
    fix: didYouMean(ref, refs),
  });
}

function execIn(
  { lab, plan }: Standing,
  { node, stack }: Found,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<CommandResult> {
  const inside = insideOf(lab.name, node, stack);
  return withHosts(plan, (hosts) =>
    inside
      ? hosts.at(lab.machine).run({ ...options, argv: inside.exec(argv, false) })
      : hosts.at(stack.where).run({ ...options, argv, netns: stack.where.netns }),
  );
}
