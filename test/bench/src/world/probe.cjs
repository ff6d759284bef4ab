// Loaded into the backend before its own code (--require): tells the bench what only the process itself knows.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { isMainThread } = require('node:worker_threads');

const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
let cpu = process.cpuUsage();

/** Milliseconds this thread was ready to run and others had the processor; Linux only. */
function waitedMs() {
  try {
    const [, waited] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return NaN;
  }
}
let waited = waitedMs();

/** The most thorough collection, which gives pages back to the system too. */
function collectGarbage() {
  global.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

const answers = {
  '/memory': () => {
    // Twice: what finalizers of the first round let go goes in the second.
    collectGarbage();
    collectGarbage();
    return process.memoryUsage();
  },
  '/loop': () => {
    const { user, system } = process.cpuUsage(cpu);
    const answer = {
      longestMs: delays.max / 1e6,
      cpuMs: (user + system) / 1000,
    };
    const waitedBefore = waited;
    waited = waitedMs();
    delays.reset();
    cpu = process.cpuUsage();
    return { ...answer, waitedMs: waited - waitedBefore };
  },
};

const server = createServer((request, response) => {
  const answer = answers[request.url];
  response.writeHead(answer ? 200 : 404, {
    'content-type': 'application/json',
  });
  response.end(JSON.stringify(answer ? answer() : {}));
});

// Threads of the process load this file too.
if (isMainThread) {
  server.listen(Number(process.env.BENCH_PROBE_PORT), '127.0.0.1').unref();
}
