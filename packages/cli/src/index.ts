import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { runCli } from './runCli';
import { systemTerminal } from './systemTerminal';
import { serveAnalysis } from './threads/serveAnalysis';
import type { AnalysisTask } from './threads/types';
import { workerHelpers } from './threads/workerHelpers';

if (isMainThread) {
  const terminal = { ...systemTerminal(), helpers: workerHelpers(__filename) };
  // The exit code is set, not forced: output to a pipe may still be on its way.
  runCli(process.argv.slice(2), terminal).then(code => {
    process.exitCode = code;
  });
} else {
  const [task, thread] = workerData as [AnalysisTask, number];
  parentPort?.postMessage(serveAnalysis(task, thread));
}
