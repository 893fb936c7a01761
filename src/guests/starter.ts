import type { OnEvent } from '../apply/events.js';
import type { LabHosts } from '../apply/hosts/index.js';
import { messageOf, PatchlabError } from '../errors.js';
import type { PlanFacts } from '../links/define.js';
import type { Template } from '../nodes/define.js';
import type { CommandOf, Domain, Plan } from '../plan/step.js';
import type { Lab } from '../topology/lab.js';
import { nodeKind } from '../topology/kinds.js';
import { locateGuest } from './cache.js';
import { resume } from './resume.js';
import { readHypervisor, shapeKey, type Hypervisor, type Shape } from './shape.js';
import { startWarm } from './start-warm.js';
import { ensureState } from './make-state.js';
import { distrust, type StoredState } from './states.js';
import { insideOf, LOCAL } from '../where.js';

/** Starts the guests of a lab. */
export interface Starter {
  /** Does the work of `create-domain`: a guest runs when it returns. */
  create(command: CommandOf<'create-domain'>, signal: AbortSignal): Promise<void>;
  /** Has the agent of a domain answered? Of a guest that has started warm it has. */
  hasAnswered(domain: string): boolean;
}

export interface StarterOptions {
  readonly hosts: LabHosts;
  readonly onEvent?: OnEvent | undefined;
  /** Facts of the host, by which guests start from stored states; without them all of them boot. */
  readonly warm?: PlanFacts | undefined;
}

/**
 * Start the guests of a lab: from the stored state of their shape where they can, which is made when there is none,
 * and by booting where they cannot. Whatever goes wrong with the state, the guest boots in the end, as if
 * nothing had been tried: its domain is ended first, and the event says why.
 */
export function guestStarter(lab: Lab, plan: Plan, options: StarterOptions): Starter {
  const { hosts, onEvent, warm } = options;
  const templates = templatesOf(lab, plan, warm);
  const states = openStates(templates.size > 0, onEvent);
  const answered = new Set<string>();

  const create: Starter['create'] = async (command, signal) => {
    const domain = plan.domains.find(({ name }) => name === command.domain);
    const template = templates.get(command.domain);
    if (!domain || !template) {
      await hosts.libvirt.create(command.xml);
      if (domain) onEvent?.({ type: 'guest', node: domain.node, start: 'cold' });
      return;
    }
    const why = await tryWarm(domain, template, { hosts, states, signal });
    if (why === undefined) {
      answered.add(domain.name);
      onEvent?.({ type: 'guest', node: domain.node, start: 'warm' });
      return;
    }
    signal.throwIfAborted();
    await hosts.libvirt.destroy(domain.uuid);
    await hosts.libvirt.create(command.xml);
    onEvent?.({ type: 'guest', node: domain.node, start: 'cold', why });
  };
  return { create, hasAnswered: (domain) => answered.has(domain) };
}

/** What each domain could go on from. */
function templatesOf(
  lab: Lab,
  plan: Plan,
  facts: PlanFacts | undefined,
): ReadonlyMap<string, Template> {
  const nodes = new Map(lab.nodes.map((node) => [node.name, node]));
  return new Map(
    plan.domains.flatMap(({ name, node: nodeName }) => {
      const node = nodes.get(nodeName);
      const template = facts && node && nodeKind(node.kind).template?.(node as never, facts);
      return template ? [[name, template] as const] : [];
    }),
  );
}

type States = (template: Template, signal: AbortSignal) => Promise<StoredState>;

/** @returns why the guest did not start, or nothing; a domain may be left then */
async function tryWarm(
  domain: Domain,
  template: Template,
  { hosts, states, signal }: { hosts: LabHosts; states: States; signal: AbortSignal },
): Promise<string | undefined> {
  let state: StoredState | undefined;
  try {
    state = await states(template, signal);
    await startWarm(domain, template, state, hosts);
    await resume(hosts.at(insideOf(LOCAL, domain.node)), template.identity, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (state) await distrust(state);
    return reasonOf(error);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof PatchlabError && error.why !== undefined
    ? `${error.what} ${error.why}`
    : messageOf(error);

/** The states of one lab's shapes, each made or looked for once. The host is looked at ahead, while devices are made. */
function openStates(wanted: boolean, onEvent: OnEvent | undefined): States {
  const known = new Map<string, Promise<StoredState>>();
  const ahead = wanted ? readHypervisor() : undefined;
  ahead?.catch(() => undefined);
  return async (template, signal) => {
    const shape = await shapeOf(template, await (ahead ?? readHypervisor()));
    const key = shapeKey(shape);
    const onProgress = (text: string): void => onEvent?.({ type: 'note', text });
    const state = known.get(key) ?? ensureState(shape, { signal, onProgress });
    known.set(key, state);
    return state;
  };
}

async function shapeOf({ guest, xml }: Template, hypervisor: Hypervisor): Promise<Shape> {
  const image = await locateGuest(guest);
  if (!image) throw new PatchlabError('guest/build', { what: `The image ${guest} is not built.` });
  return { ...hypervisor, guest, image: image.sha256, xml };
}
