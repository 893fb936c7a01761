import { basename } from 'node:path';
import { loadDefinition, type GuestDefinition } from '../../guests/definition.js';
import { needsOfKinds, type Area, type KindNeeds } from '../../plan/kind-needs.js';
import { requirementsBeyond } from '../../plan/plan.js';
import type { Requirement } from '../../plan/step.js';
import { nodeKind } from '../../topology/kinds.js';
import { holderSpec } from '../../topology/resolve/held.js';
import { checkRequirements, labelOf, type CheckOptions } from './check.js';
import { findCheck } from './registry.js';

/** One thing that a kind needs, with what this host says of it. */
interface Need extends Requirement {
  /** Option of the kernel's configuration, without `CONFIG_`; `null` where it is no matter of the kernel. */
  readonly config: string | null;
  readonly module: string | null;
  /** Has this host it? `null` where that cannot be found out without root. */
  readonly ok: boolean | null;
  readonly found: string;
  readonly remedy: string | null;
}

/** What a kind, or a setting of it, needs, and who has all of it. */
interface Has {
  readonly needs: readonly Need[];
  /** This host; `null` where that cannot be found out without root. */
  readonly here: boolean | null;
  /** The guest that holds a lab with `--in-guest`. */
  readonly inGuest: boolean;
}

/** A kind, and whether it can be built here and in a guest. */
export interface KindHere extends Has {
  readonly area: Area;
  readonly kind: string;
  readonly title: string;
  readonly settings: readonly (Has & { readonly setting: string })[];
  /** Why no guest can hold one; else `null`. */
  readonly whyNotInGuest: string | null;
}

interface Options extends CheckOptions {
  /** Without root what fails may be there all the same. */
  readonly isRoot: boolean;
}

const ofKind = (requirement: Requirement): boolean => findCheck(requirement).ofLab !== true;

/**
 * Every kind that a topology may write, with what it needs: this host is asked by the checks of `patchlab doctor`, the
 * guest by its template.
 * @throws the signal's reason on abort
 */
export async function kindsHere({ isRoot, ...options }: Options): Promise<readonly KindHere[]> {
  const kinds = needsOfKinds().map(withoutLab);
  const all = kinds.flatMap(({ needs, settings }) => [
    ...needs,
    ...settings.flatMap((setting) => setting.needs),
  ]);
  const results = await checkRequirements(requirementsBeyond([], all), options);
  const byLabel = new Map(results.map((result) => [labelOf(result), result]));
  const holder = holderSpec();
  const { guest } = nodeKind(holder.kind).boots?.(holder) ?? {};
  const definition = await loadDefinition(guest ?? '');
  const needOf = (requirement: Requirement): Need & { readonly counts: boolean } => {
    const result = byLabel.get(labelOf(requirement));
    const part = findCheck(requirement).kernel?.(requirement.arg ?? '');
    const ok = result?.ok ?? false;
    return {
      ...requirement,
      ...{ config: part?.config ?? null, module: part?.module ?? null },
      ...{ ok: ok || isRoot ? ok : null, found: result?.found ?? '' },
      ...{ remedy: result?.remedy ?? null, counts: result?.severity === 'error' },
    };
  };
  const has = (needs: readonly Requirement[], inGuest: boolean): Has => {
    const told = needs.map(needOf);
    const oks = told.filter(({ counts }) => counts).map(({ ok }) => ok);
    const here = oks.includes(false) ? false : oks.includes(null) ? null : true;
    return { needs: told.map(({ counts: _, ...need }) => need), here, inGuest };
  };
  return kinds.map(({ area, kind, title, needs, settings, inGuest: guestNeeds }) => {
    const why = whyNot(guestNeeds, definition);
    return {
      ...{ area, kind, title, ...has(needs, why === null) },
      settings: settings.map((one) => {
        const inGuest = why === null && one.needs.every((need) => guestHas(need, definition));
        return { setting: one.setting, ...has(one.needs, inGuest) };
      }),
      whyNotInGuest: why,
    };
  });
}

const withoutLab = ({ needs, settings, ...kind }: KindNeeds): KindNeeds => ({
  ...kind,
  needs: needs.filter(ofKind),
  settings: settings.map((one) => ({ ...one, needs: one.needs.filter(ofKind) })),
});

/** Why a guest of this template cannot have a kind; `null` where it can. */
function whyNot(inGuest: KindNeeds['inGuest'], definition: GuestDefinition): string | null {
  if ('why' in inGuest) return inGuest.why;
  const lacking = inGuest.needs.filter((need) => ofKind(need) && !guestHas(need, definition));
  return lacking.length === 0
    ? null
    : `the guest \`${definition.name}\` has no ${lacking.map(({ check, arg = check }) => `\`${arg}\``).join(', ')}`;
}

/** Does a guest of this template have what is needed: the module, or the program? */
function guestHas(need: Requirement, { modules, programs, applets }: GuestDefinition): boolean {
  const { arg = '', check } = need;
  const part = findCheck(need).kernel?.(arg);
  if (part) return part.module === undefined || modules.flat().includes(part.module);
  const has = applets.includes(arg) || programs.some((path) => basename(path) === arg);
  return check === 'command' && has;
}
