import { PatchlabError } from '../errors.js';
import { escapeCommand } from '../plan/quote.js';

/** Is this process root, or is what it is not the reason for anything? */
export const isRoot = (): boolean => process.geteuid?.() === 0;

/**
 * The one sentence for everybody who is not root.
 * @param command - its name
 * @param argv - all words behind `patchlab`
 */
export const notRoot = (command: string, argv: readonly string[], cause?: unknown): PatchlabError =>
  new PatchlabError('host/not-root', {
    what: `\`patchlab ${command}\` needs root.`,
    fix: `Run \`sudo ${escapeCommand(['patchlab', ...argv])}\`. Most labs need no root, nor do \`plan\`, \`predict\` and \`graph\`.`,
    cause,
  });

/** Does an error say that this user may not do something? */
export const isPermission = (error: unknown): boolean =>
  ['EACCES', 'EPERM'].includes(String((error as { code?: unknown } | null)?.code));
