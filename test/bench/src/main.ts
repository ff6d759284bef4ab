import { writeFileSync } from 'node:fs';
import { readOptions, USAGE } from './options';
import { currentLoad, describeMachine } from './report/machine';
import { formatMachine, formatSection } from './report/printReport';
import { runBench } from './runBench';
import type { Section } from './types';

const startedAt = Date.now();

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(line: string): void {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  print(`${String(seconds).padStart(4)} s  ${line}`);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    print(USAGE);
    return;
  }
  const machine = describeMachine();
  const sections: Section[] = [];
  say(`${formatMachine(machine)}, load ${currentLoad()}`);
  await runBench({
    ...options,
    say,
    report: section => {
      sections.push(section);
      print(formatSection(section));
    },
  });
  if (options.json) {
    const { services, podsPerService } = options;
    const report = {
      takenAt: new Date(startedAt).toISOString(),
      machine,
      world: { services, pods: services * podsPerService },
      sections,
    };
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Whoever was started ends on the exit event.
  process.on(signal, () => process.exit(1));
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
