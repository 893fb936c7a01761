import { defineLab } from 'patchlab';

/** The same in TypeScript: editors complete it, the compiler checks it, and loops build what is repetitive. */
const names = ['a', 'b', 'c', 'd'];

export default defineLab({
  name: 'typed',
  title: 'A chain of namespaces written in TypeScript',
  about:
    'The same data as in YAML, written by a program: `defineLab` has the types of every kind, so an editor completes it and the compiler refuses what is no lab. ' +
    'Make the list of names longer, and run `patchlab plan` on your copy.',
  nodes: Object.fromEntries(
    names.map((name, index) => [
      name,
      {
        kind: 'netns' as const,
        addresses: {
          ...(index > 0 && { left: `10.0.${index}.2/24` }),
          ...(index < names.length - 1 && { right: `10.0.${index + 1}.1/24` }),
        },
      },
    ]),
  ),
  links: names.slice(1).map((name, index) => ({
    kind: 'veth' as const,
    ends: [`${names[index]}:right`, `${name}:left`] as [string, string],
  })),
});
