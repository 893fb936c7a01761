import { tellChoices } from './choices.js';
import { comment, escapeCommand, withInput } from './quote.js';
import { stepsOf } from './resources/steps.js';
import type { Lab } from '../topology/lab.js';
import { hostNameOf, isOnMachine } from '../where.js';
import type { Command, Plan, Where } from './step.js';
import { batchesOf, undoSteps, type Batch } from './tools/batches.js';
import { commandLine, inNamespace } from './tools/index.js';

/** A plan as files: a script that builds the lab, one that removes it, and the domains' XML. */
export type RenderedPlan = Readonly<Record<string, string>>;

/**
 * Render a plan as shell scripts that work by hand on a host with the same tools. Names of the files:
 * `plan.sh`, `teardown.sh`, `NODE.xml`. Pure.
 */
export const renderScripts = (lab: Lab, plan: Plan): RenderedPlan => ({
  'plan.sh': [...planScript(lab, plan)].join(''),
  'teardown.sh': [...teardownScript(lab, plan)].join(''),
  ...Object.fromEntries(plan.domains.map(({ node, xml }) => [`${node}.xml`, xml])),
});

/** `plan.sh` alone, piece by piece: of a large lab it is never there as a whole. Pure. */
export function* planScript(lab: Lab, plan: Plan): Generator<string> {
  const title = lab.title === undefined ? '' : `: ${lab.title}`;
  const hasGuests = plan.domains.length > 0;
  yield textOf([
    '#!/bin/sh',
    comment(`${lab.name}${title}`),
    '# Builds the lab by hand; teardown.sh removes it.',
    ...tellChoices(lab).map((line) => comment(line)),
    ...(hasGuests ? [BOOTS, GUEST_FUNCTIONS] : []),
    'set -eu',
  ]);
  let stage = '';
  for (const batch of batchesOf(stepsOf(plan.resources))) {
    if (batch.stage !== stage) yield `\n# ---- ${batch.stage} ----\n`;
    stage = batch.stage;
    yield textOf(['', ...batch.steps.map((step) => comment(step.why)), ...runLines(batch, plan)]);
  }
}

function* teardownScript({ name }: Lab, plan: Plan): Generator<string> {
  const does = 'removes what plan.sh made, last things first, and keeps going on errors.';
  yield textOf(['#!/bin/sh', comment(`${name}: ${does}`)]);
  for (const batch of batchesOf(undoSteps(stepsOf(plan.resources)), 'undo'))
    yield textOf([
      '',
      ...batch.steps.map((step) => comment(`undo: ${step.why}`)),
      ...runLines(batch, plan, true),
    ]);
}

/** What a script cannot do. */
const BOOTS = '# Its guests boot: only `patchlab up` can start them from a stored state.';

const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** Commands that a script says in its own way. */
const special: { readonly [tool: string]: ((command: never) => string) | undefined } = {
  'await-agent': ({ domain, seconds }: Extract<Command, { tool: 'await-agent' }>) =>
    escapeCommand(['await_agent', domain, ...(seconds === undefined ? [] : [String(seconds)])]),
};

function runLines({ tool, where, steps }: Batch, plan: Plan, keepGoing = false): readonly string[] {
  const own = special[tool];
  if (own) return steps.map((step) => own(step.do as never));
  const commands = steps.map((step) => step.do);
  const { argv, input } = commandLine(tool, commands, keepGoing);
  const words = [...prefix(where, plan), ...inNamespace(argv, where.netns, 'ip')];
  const line = escapeCommand(words);
  if (input === undefined) return [isOnMachine(where) ? line : `${line} </dev/null`];
  return withInput(line, input);
}

function prefix(where: Where, plan: Plan): readonly string[] {
  if (isOnMachine(where)) return [];
  const domain = plan.domains.find(({ node }) => where.inside === node);
  if (!domain) throw new RangeError(`no domain belongs to ${hostNameOf(where)}`);
  return ['in_guest', domain.name];
}

/** How a script reaches the inside of a guest: guest-exec of the QEMU guest agent protocol (qemu-ga(8)). */
const GUEST_FUNCTIONS = `
: "\${PATCHLAB_LIBVIRT_URI:=qemu:///system}"
agent() { virsh -q -c "$PATCHLAB_LIBVIRT_URI" qemu-agent-command "$@"; }

# await_agent DOMAIN [SECONDS]: until the guest answers, two minutes at most where nothing else is said
await_agent() {
  tries=\${2:-120}
  until agent "$1" '{"execute":"guest-ping"}' >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "$1 does not answer" >&2; return 1; }
    sleep 1
  done
}

# in_guest DOMAIN PROGRAM ARGUMENT...: run a program in the guest, with this function's standard input
in_guest() {
  domain=$1 program=$2
  shift 2
  words=
  for word; do
    words="$words\${words:+,}\\"$(printf %s "$word" | sed -z 's/[\\\\"]/\\\\&/g; s/\\t/\\\\t/g; s/\\n/\\\\n/g')\\""
  done
  pid=$(agent "$domain" "{\\"execute\\":\\"guest-exec\\",\\"arguments\\":{\\"path\\":\\"$program\\",\\"arg\\":[$words],\\"input-data\\":\\"$(base64 -w0)\\",\\"capture-output\\":true}}" |
    sed 's/.*"pid":\\([0-9]*\\).*/\\1/')
  while :; do
    result=$(agent "$domain" "{\\"execute\\":\\"guest-exec-status\\",\\"arguments\\":{\\"pid\\":$pid}}")
    case $result in
      *'"exited":true'*'"exitcode":0'* | *'"exitcode":0'*'"exited":true'*) return 0 ;;
      *'"exited":true'*) echo "$domain: $program: $result" >&2; return 1 ;;
    esac
    sleep 0.1
  done
}`;
