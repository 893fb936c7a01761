/** Where several answer a question the first one counts, and nobody knows beforehand who that is. */

/** Which of so many answers is the first: an index. */
export type Choose = (count: number) => number;

/** So many courses are looked at, no more. */
const MOST = 8;

/**
 * Every course that a talk may take.
 * @param talk - told which answer is the first, each time that there are several
 * @returns first the one in which the nearest is always the first to answer
 */
export function courses<T>(talk: (choose: Choose) => T): readonly T[] {
  const decided: (readonly number[])[] = [[]];
  const found: T[] = [];
  // A list that grows while it is walked.
  for (const choices of decided) {
    const taken: number[] = [];
    found.push(
      talk((count) => {
        const choice = choices[taken.length];
        if (choice === undefined)
          for (let other = 1; other < count && decided.length < MOST; other += 1)
            decided.push([...taken, other]);
        taken.push(choice ?? 0);
        return choice ?? 0;
      }),
    );
  }
  return found;
}
