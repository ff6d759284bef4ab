import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram } from '@istio-backstage/lab';
import { meshFiles, meshServices } from '../mesh/meshObjects';
import { MeasuredRun, runMeasured } from '../mesh/runMeasured';
import { writeMeshFiles } from '../mesh/writeMeshFiles';
import { summarize } from '../report/percentiles';
import type { Figure } from '../types';
import { ROOT } from '../world/paths';

/** Of each program, in turns: what else the machine does meets both. */
const RUNS = 3;
const TIME_AIM = { value: 'median', atMost: 4_000 };
const MEMORY_AIM = { value: 'peak', atMost: 700 };
const TIMES_AIM = { value: 'time', atLeast: 5 };

interface Program {
  command: string;
  args: readonly string[];
}

/** `istio-portal analyze` over the files of a large mesh, and istioctl over the same files where the lab built it. */
export async function measureAnalyze(services: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'istio-bench-'));
  try {
    const written = writeMeshFiles(folder, meshFiles(meshServices(services)));
    const [ours, theirs] = await runInTurns(await programsFor(folder));
    const { objects, counts } = JSON.parse(ours[0].output) as {
      objects: number;
      counts: { error: number };
    };
    if (objects !== written.objects || counts.error === 0) {
      throw new Error(`Of ${written.objects} objects ${objects} were analysed`);
    }
    const megabytes = Math.round(written.bytes / 1e6);
    const figures = present('istio-portal analyze', ours).map(
      (figure, index) => ({
        ...figure,
        aim: [TIME_AIM, undefined, MEMORY_AIM][index],
      }),
    );
    figures[0].note = `${objects} objects, ${megabytes} MB; ${RUNS} runs, each a process of its own from start to end`;
    return theirs
      ? [
          ...figures,
          ...present('istioctl analyze, the same files', theirs),
          compare(ours, theirs),
        ]
      : figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function programsFor(folder: string): Promise<Program[]> {
  const program = join(ROOT, 'packages', 'cli', 'bin', 'istio-portal.cjs');
  const args = ['analyze', folder, '--output', 'json'];
  const istioctl = await builtProgram('istioctl');
  return [
    { command: process.execPath, args: [program, ...args] },
    ...(istioctl
      ? [{ command: istioctl, args: [...args, '--use-kube=false'] }]
      : []),
  ];
}

async function runInTurns(
  programs: readonly Program[],
): Promise<MeasuredRun[][]> {
  const runs: MeasuredRun[][] = programs.map(() => []);
  for (let turn = 0; turn < RUNS; turn += 1) {
    for (const [index, { command, args }] of programs.entries()) {
      const run = await runMeasured(command, args);
      // 1: with findings. Anything else did not come to an end.
      if (run.exitCode !== 0 && run.exitCode !== 1) {
        throw new Error(`${command} ended with ${run.exitCode}`);
      }
      runs[index].push(run);
    }
  }
  return runs;
}

function present(what: string, runs: readonly MeasuredRun[]): Figure[] {
  return [
    { what, values: spread(runs.map(({ ms }) => ms)), unit: 'ms' },
    {
      what: '  its processor time, all threads',
      values: spread(runs.map(({ cpuMs }) => cpuMs)),
      unit: 'ms',
    },
    {
      what: '  its memory',
      values: { peak: Math.max(...runs.map(({ peakMb }) => peakMb)) },
      unit: 'MB',
    },
  ];
}

function spread(values: readonly number[]): Record<string, number> {
  return {
    median: summarize(values).p50,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

function compare(
  ours: readonly MeasuredRun[],
  theirs: readonly MeasuredRun[],
): Figure {
  const times = (of: (run: MeasuredRun) => number) =>
    summarize(theirs.map(of)).p50 / summarize(ours.map(of)).p50;
  return {
    what: 'istioctl takes so many times as long',
    values: { time: times(run => run.ms), processor: times(run => run.cpuMs) },
    unit: 'times',
    aim: TIMES_AIM,
  };
}
