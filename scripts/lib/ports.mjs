import { createServer } from 'node:net';
import { PlainError } from './say.mjs';

/** Refuses in words when somebody else listens; nothing is started then. */
export async function requireFreePorts(ports) {
  for (const { port, what, flag } of ports) {
    if (await isTaken(port)) {
      throw new PlainError(
        `Port ${port} for ${what} is taken by another program. Stop that one, or choose another with ${flag}.`,
      );
    }
  }
}

function isTaken(port) {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)));
  });
}
