/** A text without what makes it one place's: names of hops, addresses, numbers. Texts of one gist say the same of two places. */
export const gistOf = (text: string, labels: readonly string[]): string =>
  labels
    // A name may begin another one.
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, label) => rest.replaceAll(label, ''), text)
    .replaceAll(/\b(?:[\da-f]{2}:){5}[\da-f]{2}\b|\b0x[\da-f]+|\d+/g, '');
