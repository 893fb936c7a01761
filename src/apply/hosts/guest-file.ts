import type { Agent } from './agent.js';

/** Octets that are read or written at once. */
export const CHUNK = 32_768;

/** An open file of a guest. */
export interface GuestFile {
  read(): Promise<Buffer>;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Open a file of the guest. The agent reads on where a file has grown since. */
export async function openIn(agent: Agent, path: string, mode: 'r' | 'w'): Promise<GuestFile> {
  const { anything, content, handle: handleAnswer } = await import('./agent-answers.js');
  const handle = await agent.command('guest-file-open', handleAnswer, { args: { path, mode } });
  return {
    async read() {
      const answer = await agent.command('guest-file-read', content, {
        args: { handle, count: CHUNK },
      });
      return Buffer.from(answer['buf-b64'], 'base64');
    },
    async write(bytes) {
      const text = Buffer.from(bytes).toString('base64');
      await agent.command('guest-file-write', anything, { args: { handle, 'buf-b64': text } });
      await agent.command('guest-file-flush', anything, { args: { handle } });
    },
    async close() {
      await agent.command('guest-file-close', anything, { args: { handle } });
    },
  };
}
