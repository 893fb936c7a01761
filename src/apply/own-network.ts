/** The words before a program that a network of its own is for. Who is not root is root in it, where the system allows that. */
export const ownNetwork = (): readonly string[] => [
  ...['unshare', '--net'],
  ...(process.geteuid?.() === 0 ? [] : ['--map-root-user']),
];
