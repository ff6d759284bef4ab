import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram } from '@istio-backstage/lab';
import { meshFiles, meshServices } from '../mesh/meshObjects';
import { MeasuredRun, runMeasured } from '../mesh/runMeasured';
import { writeMeshFiles } from '../mesh/writeMeshFiles';
import type { Figure } from '../types';
import { ROOT } from '../world/paths';

const RUNS = 3;
const TIME_AIM = { value: 'best', atMost: 4_000 };
const MEMORY_AIM = { value: 'peak', atMost: 700 };

/** `istio-portal analyze` over the files of a large mesh, and istioctl over the same files where the lab built it. */
export async function measureAnalyze(services: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'istio-bench-'));
  try {
    const written = writeMeshFiles(folder, meshFiles(meshServices(services)));
    const ours = await repeat(process.execPath, [
      join(ROOT, 'packages', 'cli', 'bin', 'istio-portal.cjs'),
      'analyze',
      folder,
      '--output',
      'json',
    ]);
    const { objects, counts } = JSON.parse(ours[0].output) as {
      objects: number;
      counts: { error: number };
    };
    if (objects !== written.objects || counts.error === 0) {
      throw new Error(`Of ${written.objects} objects ${objects} were analysed`);
    }
    const megabytes = Math.round(written.bytes / 1e6);
    return [
      ...present(`istio-portal analyze, ${objects} objects, ${megabytes} MB`, {
        runs: ours,
        aims: true,
      }),
      ...(await measureIstioctl(folder, ours)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function repeat(
  command: string,
  args: readonly string[],
): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  while (runs.length < RUNS) {
    const run = await runMeasured(command, args);
    // 1: with findings. Anything else did not come to an end.
    if (run.exitCode !== 0 && run.exitCode !== 1) {
      throw new Error(`${command} ended with ${run.exitCode}`);
    }
    runs.push(run);
  }
  return runs;
}

function present(
  what: string,
  { runs, aims }: { runs: readonly MeasuredRun[]; aims: boolean },
): Figure[] {
  const times = runs.map(({ ms }) => ms).sort((a, b) => a - b);
  return [
    {
      what,
      values: { best: times[0], worst: times[times.length - 1] },
      unit: 'ms',
      ...(aims ? { aim: TIME_AIM } : {}),
      note: `${RUNS} runs, each a process of its own from start to end`,
    },
    {
      what: `memory of it`,
      values: { peak: Math.max(...runs.map(({ peakMb }) => peakMb)) },
      unit: 'MB',
      ...(aims ? { aim: MEMORY_AIM } : {}),
    },
  ];
}

/** One run: it takes long. */
async function measureIstioctl(
  folder: string,
  ours: readonly MeasuredRun[],
): Promise<Figure[]> {
  const istioctl = await builtProgram('istioctl');
  if (!istioctl) {
    return [];
  }
  const run = await runMeasured(istioctl, [
    'analyze',
    '--use-kube=false',
    '--output',
    'json',
    folder,
  ]);
  const best = Math.min(...ours.map(({ ms }) => ms));
  return [
    ...present('istioctl analyze --use-kube=false on the same files', {
      runs: [run],
      aims: false,
    }).map(figure => ({ ...figure, note: undefined })),
    {
      what: 'istioctl takes so many times as long',
      values: { times: run.ms / best },
      unit: 'times',
    },
  ];
}
