import { echoFrame } from '../frames/values.js';
import { ignoresEcho } from './accept.js';
import type { Exchange, Message } from './exchange.js';

/** What is asked for. */
type Ping = Omit<Exchange, 'messages' | 'refusal'> & {
  readonly id: number;
};

const NAMES = { 'echo-request': 'echo request', 'echo-reply': 'echo reply' } as const;

/** A ping: RFC 792, RFC 4443. */
export function ping({ id, ...asked }: Ping): Exchange {
  const { family } = asked;
  const echo = (kind: keyof typeof NAMES): Message => ({
    ...{ name: NAMES[kind], class: family === 4 ? 'icmp' : 'icmp6' },
    isAnswer: kind === 'echo-reply',
    frame: (head, segment) => echoFrame({ ...head, kind, id }, segment),
  });
  return {
    ...asked,
    messages: [echo('echo-request'), echo('echo-reply')],
    refusal: (stack) => ignoresEcho(stack, family),
  };
}
