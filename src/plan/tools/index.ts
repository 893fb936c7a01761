import { findingSwitch } from '../../own-switch.js';
import type { Command, ToolName } from '../step.js';
import type { ToolCall, ToolEnd, Tool } from './define.js';
import { awaitAgent, createDomain, destroyDomain } from './domain.js';
import { exec } from './exec.js';
import { ip } from './ip.js';
import { nft } from './nft.js';
import { attachNic, detachNic, nameNic } from './nic.js';
import { ovsOfctl } from './ovs-ofctl.js';
import { ovsVsctl } from './ovs-vsctl.js';
import { removeFile } from './remove-file.js';
import { sysctl } from './sysctl.js';
import { wg } from './wg.js';

export type { ToolCall, ToolEnd, Tool } from './define.js';

/** The registry: one descriptor for each tool of a step. */
export const tools: { readonly [T in ToolName]: Tool<T> } = {
  ip,
  sysctl,
  'ovs-vsctl': ovsVsctl,
  'ovs-ofctl': ovsOfctl,
  nft,
  wg,
  exec,
  'remove-file': removeFile,
  'create-domain': createDomain,
  'destroy-domain': destroyDomain,
  'await-agent': awaitAgent,
  'attach-nic': attachNic,
  'detach-nic': detachNic,
  'name-nic': nameNic,
};

/** A descriptor for commands whose tool is only known at run time. */
export const toolOf = (name: ToolName): Tool => tools[name] as unknown as Tool;

/**
 * The one invocation that runs all these commands of a tool.
 * @param keepGoing - a command that fails does not keep the later ones from running, where the tool can
 */
export const commandLine = (
  tool: ToolName,
  commands: readonly Command[],
  keepGoing = false,
): ToolCall => toolOf(tool).batch(commands, keepGoing);

/** Did an invocation of this tool succeed? */
export const succeeded = (tool: ToolName, outcome: ToolEnd): boolean =>
  toolOf(tool).succeeded?.(outcome) ?? outcome.exitCode === 0;

/** Indexes of the commands that failed; empty where the program's messages do not tell. */
export function failedCommands(
  tool: ToolName,
  commands: readonly Command[],
  outcome: ToolEnd,
): readonly number[] {
  if (commands.length === 1) return [0];
  const indexes = toolOf(tool).failed?.(commands, outcome.stderr) ?? [];
  return indexes.filter((index) => index >= 0 && index < commands.length);
}

/**
 * The argument array that runs a program in a network namespace of a host.
 * @param enter - `nsenter` is the cheaper way, but leaves the host's own /sys in place; `ip` is the one that
 *   a guest surely has. It makes a mount namespace, which takes the longer the more is mounted.
 */
export function inNamespace(
  words: readonly string[],
  netns: string | undefined,
  enter: 'nsenter' | 'ip',
): readonly string[] {
  if (netns === undefined) return words;
  const argv = findingSwitch(words, netns);
  if (enter === 'nsenter') return ['nsenter', `--net=/run/netns/${netns}`, '--', ...argv];
  if (argv[0] === 'ip') return ['ip', '-n', netns, ...argv.slice(1)];
  return ['ip', 'netns', 'exec', netns, ...argv];
}
