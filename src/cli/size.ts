/** A number of things: `1 node`, `2 nodes`. */
export const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** How large a lab is: `2 nodes, 1 link`. */
export const sizeOf = ({ nodes, links }: { readonly nodes: number; readonly links: number }) =>
  `${counted(nodes, 'node')}, ${counted(links, 'link')}`;
