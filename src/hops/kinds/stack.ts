import { PASS, type HopKind } from '../types.js';

/** An IP stack that sends, forwards or answers: what it decides, src/ip says. Nothing there can be captured. */
export const stack: HopKind = {
  kind: 'stack',
  doc: 'The IP stack of a node or inner namespace, where it decides what becomes of a packet: routes, forwarding, answers to ARP.',
  drops: [
    'what it has no route to',
    'what it is to forward while forwarding is off, with a time to live that ends there, or too long for the next device and not to be cut',
    'with rp_filter what comes by another device than the way back to its source leads out by; always what comes from an address of its own',
    'requests that arp_ignore or arp_filter keep it from answering',
    'what the packet filter that the file gives it (`nft`) drops, as it comes in, is handed on or goes out',
  ],
  observable: () => false,
  forward: () => PASS,
};
