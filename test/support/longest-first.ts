import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from '../repo/tree.js';

/** Test files that take long, the longest first: what starts last must not keep everybody waiting. */
const LONGEST: readonly string[] = [];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.indexOf(relative(root, moduleId));
  return at < 0 ? LONGEST.length : at;
};

/** The order of test files: those of the list first, then as vitest orders them. */
export class longestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
