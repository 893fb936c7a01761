import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chooseAccelerator, rememberedAccelerator } from '../guests/accelerator.js';
import { ensureGuest, guestPaths } from '../guests/cache.js';
import type { GuestFiles, PlanFacts } from '../links/define.js';
import { deviceKind, linkKind, nodeKind } from '../topology/kinds.js';
import type { Lab } from '../topology/lab.js';
import type { Source } from '../topology/source.js';
import { tryCommand } from './command.js';
import { formatsOf } from './disk-formats.js';
import { readFilters } from './filters.js';

export interface FactsOptions {
  /** Build what is missing and try what is not known; without it only what is there is read. */
  readonly prepare: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
  /** The file, for what nft refuses of it. */
  readonly source?: Source | undefined;
}

/** Read what a plan needs to know of this host. */
export async function readFacts(lab: Lab, options: FactsOptions): Promise<PlanFacts> {
  const boots = lab.nodes.map(bootsOf);
  const templates = [...new Set(boots.flatMap(({ guest }) => guest ?? []))];
  const images = [...new Set(boots.flatMap(({ disk }) => disk ?? []))];
  const guests: Record<string, GuestFiles> = {};
  for (const name of templates)
    guests[name] = options.prepare ? await ensureGuest(name, options) : await guestPaths(name);
  // What works is tried with an image of patchlab's.
  const first = templates[0] ?? (images.length > 0 ? 'mini' : undefined);
  return {
    accelerator: first === undefined ? 'tcg' : await accelerator(first, options),
    ovsDatapath: needs(lab, 'ovsDatapath') ? await datapath() : 'netdev',
    guests,
    ...(images.length > 0 && { disks: await formatsOf(images) }),
    templates: TEMPLATES,
    filters: await readFilters(lab, options),
  };
}

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

const needs = (lab: Lab, fact: keyof PlanFacts): boolean =>
  lab.links.some(({ kind }) => linkKind(kind).facts?.includes(fact)) ||
  lab.nodes.some(({ devices }) =>
    devices.some(({ kind }) => deviceKind(kind).facts?.includes(fact)),
  );

const bootsOf = ({ kind, spec }: Lab['nodes'][number]) =>
  nodeKind(kind).boots?.(spec as never) ?? {};

async function accelerator(guest: string, options: FactsOptions): Promise<'kvm' | 'tcg'> {
  if (!options.prepare) return (await rememberedAccelerator()) ?? 'tcg';
  const image = await ensureGuest(guest, options);
  return (await chooseAccelerator(image, options)).accelerator;
}

/** The kernel datapath where its module is loaded or can be, else the userspace one. */
async function datapath(): Promise<'system' | 'netdev'> {
  if (existsSync('/sys/module/openvswitch')) return 'system';
  const { exitCode } = await tryCommand(['modprobe', '--dry-run', 'openvswitch']);
  return exitCode === 0 ? 'system' : 'netdev';
}
