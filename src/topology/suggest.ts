/** "Did you mean": the candidate that is closest to what was written. */

/** Number of single-character edits, swaps of neighbours counted as one (Damerau-Levenshtein, restricted). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + same,
          swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(a.length, b.length);
}

/** Edits that a slip of the pen makes: none can be told in a word of one letter. */
const limitFor = (length: number): number =>
  length <= 1 ? 0 : length <= 3 ? 1 : Math.max(2, Math.floor(length / 3));

/** Longest word that anybody mistypes, and most candidates that are listed. */
const LONGEST = 80;
const LISTED = 20;

/** The closest candidate, unless even that is too far to be a slip of the pen. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const limit = limitFor(word.length);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    // Each character that one has more is an edit.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Candidates as a sentence lists them: the first, and how many more. */
export function listed(candidates: readonly string[]): string {
  const more = candidates.length - LISTED;
  const first = candidates.slice(0, LISTED).map((candidate) => `\`${candidate}\``);
  return `${first.join(', ')}${more > 0 ? ` or ${more} more` : ''}`;
}

/** Labels of devices such as `sw1:eth1 veth` are of something, and say at their end what it is there: the device is meant rather than whose it is. */
export function didYouMeanLabel(word: string, labels: readonly string[]): string {
  const role = / \S+$/.exec(word)?.[0];
  const alike = role === undefined ? [] : labels.filter((label) => label.endsWith(role));
  return didYouMean(word, alike.length > 0 ? alike : labels);
}

/** `` did you mean `x`? `` or else the list of what there is. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = closest(word, candidates);
  if (guess !== undefined) return `did you mean \`${guess}\`?`;
  if (candidates.length === 0) return 'there is none to choose from';
  return candidates.length === 1
    ? `write ${listed(candidates)}`
    : `write one of ${listed(candidates)}`;
}
