import { parseArgs } from 'node:util';

/** Names that `--only` takes, in the order in which they are measured. */
export const MEASURES = [
  'analyze',
  'audit',
  'mesh',
  'latency',
  'requests',
  'events',
  'memory',
] as const;
export type MeasureName = (typeof MEASURES)[number];

export interface BenchOptions {
  only: MeasureName[];
  services: number;
  podsPerService: number;
  /** Services of the mesh that is analysed, which no portal looks at. */
  analyzedServices: number;
  /** Entries of the audit log. */
  auditEntries: number;
  /** Address of an empty PostgreSQL database for the audit log. */
  postgres?: string;
  /** Where to write the figures as JSON. */
  json?: string;
}

export const USAGE = `Usage: npm run bench [-- options]
  --only NAME     ${MEASURES.join(', ')}; may be given several times
  --services N    services of the world, 4 pods each (default 1000, at least 40)
  --analyzed N    services of the mesh of the measures analyze and mesh (default 5000)
  --entries N     entries of the audit log (default 1000000)
  --postgres URL  an empty database, to measure the audit log there too
  --json FILE     write the figures there too`;

/** Below this the views over 20 components would not be over 20 namespaces. */
const MIN_SERVICES = 40;

/** Reads the command line; undefined when only the usage is wanted. Throws Error that names the option. */
export function readOptions(args: string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      services: { type: 'string', default: '1000' },
      analyzed: { type: 'string', default: '5000' },
      entries: { type: 'string', default: '1000000' },
      postgres: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    only: values.only ? values.only.map(toMeasure) : [...MEASURES],
    services: toCount('services', values.services),
    podsPerService: 4,
    analyzedServices: toCount('analyzed', values.analyzed),
    auditEntries: toCount('entries', values.entries),
    postgres: values.postgres,
    json: values.json,
  };
}

function toCount(option: string, value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < MIN_SERVICES) {
    throw new Error(
      `--${option} must be a whole number of at least ${MIN_SERVICES}`,
    );
  }
  return count;
}

function toMeasure(name: string): MeasureName {
  const found = MEASURES.find(one => one === name);
  if (!found) {
    throw new Error(
      `--only must be one of ${MEASURES.join(', ')}, not '${name}'`,
    );
  }
  return found;
}
