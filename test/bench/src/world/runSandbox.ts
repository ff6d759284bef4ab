import { performance } from 'node:perf_hooks';
import { startSandbox } from '@istio-backstage/sandbox';
import { countRequests } from './countRequests';
import { benchScenario } from './scenario';

/** First the size of the world, then any number of questions; each gets one answer. */
export type SandboxRequest =
  | { ask: 'start'; services: number; podsPerService: number }
  | { ask: 'count' };

/**
 * The sandbox in a process of its own, as in reality: what it computes must not delay the portal's event
 * loop nor the stopwatch's.
 */
async function main(): Promise<void> {
  const counts = countRequests();
  process.on('message', async (request: SandboxRequest) => {
    if (request.ask === 'count') {
      const { active } = performance.eventLoopUtilization();
      process.send?.({ counts, busyMs: active });
      return;
    }
    const { clusters } = await startSandbox({
      scenario: benchScenario(request),
      basePort: 0,
      validateSeeds: false,
      log: line => process.stderr.write(`${line}\n`),
    });
    process.send?.({ url: clusters[0].url });
  });
  // The bench went away: nobody else would end this process.
  process.on('disconnect', () => process.exit(0));
}

void main();
