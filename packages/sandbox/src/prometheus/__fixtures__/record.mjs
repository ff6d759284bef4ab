// Records what a real Prometheus answers about a set of series, as the fixture `recorded.json`.
// Needs promtool and prometheus (2.42) in the PATH: node record.mjs
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const START = 1_700_000_000;
const STEP = 15;
const COUNT = 81;

const series = [];
const add = (labels, valueAt, keep = () => true) => {
  const samples = [];
  for (let i = 0; i < COUNT; i++) {
    // Scrapes are a little off, as real ones are.
    const t = (START + i * STEP) * 1000 + ((i * 37) % 11);
    if (keep(i)) samples.push([t, valueAt(i)]);
  }
  series.push({ labels, samples });
};

const apps = [
  { app: 'a', zone: 'x' },
  { app: 'a', zone: 'y' },
  { app: 'b', zone: 'x' },
];
apps.forEach(({ app, zone }, n) => {
  for (const code of ['200', '503']) {
    const slope = code === '200' ? 7 + 3 * n : n;
    add(
      { __name__: 'requests_total', app, zone, code },
      i => Math.floor(i * slope + 2 * Math.sin(i + n)) + 5,
    );
  }
  [0.5, 1, 5, 10, 50, '+Inf'].forEach((le, b) =>
    add({ __name__: 'duration_bucket', app, zone, le: String(le) }, i =>
      Math.floor(i * (1 + n) * [0.1, 0.4, 2, 3.5, 3.9, 4][b]),
    ),
  );
});
// A counter that restarts, one that appears late, one with a gap, one that starts near zero.
add({ __name__: 'restarts_total', app: 'a' }, i =>
  i < 40 ? i * 4 + 1 : (i - 40) * 4,
);
add(
  { __name__: 'late_total', app: 'a' },
  i => (i - 50) * 3 + 1,
  i => i >= 50,
);
add(
  { __name__: 'gap_total', app: 'a' },
  i => i * 2,
  i => i < 20 || i > 44,
);
add(
  { __name__: 'slow_total', app: 'a' },
  i => Math.floor(i / 13),
  i => i % 2 === 0,
);
add({ __name__: 'temperature', room: 'n' }, i => 20 + Math.sin(i / 3) * 4);
add({ __name__: 'temperature', room: 's' }, i => 18 + Math.cos(i / 4) * 5);
add({ __name__: 'temperature', room: 'e' }, i =>
  i % 7 === 0 ? NaN : 15 + (i % 5),
);
add({ __name__: 'temperature', room: 'w' }, i => -((i % 9) - 4));
for (const { app, zone } of apps) {
  add(
    { __name__: 'owner_info', app, team: `team-${app}`, zone },
    () => 1,
    () => zone === 'x',
  );
}
const kept = series.filter(({ samples }) => samples.length > 0);

const at = START + 1100;
const range = { start: START + 300, end: START + 1190, step: 30 };
const queries = readFileSync(join(here, 'queries.txt'), 'utf8')
  .split('\n')
  .filter(line => line && !line.startsWith('#'));

const folder = mkdtempSync(join(tmpdir(), 'promql-'));
const metrics = [...new Set(kept.map(one => one.labels.__name__))];
let text = '';
for (const name of metrics) {
  text += `# TYPE ${name} untyped\n`.replace('untyped', 'unknown');
  for (const { labels, samples } of kept.filter(
    s => s.labels.__name__ === name,
  )) {
    const inner = Object.entries(labels)
      .filter(([key]) => key !== '__name__')
      .map(([key, value]) => `${key}="${value}"`)
      .join(',');
    for (const [t, v] of samples)
      text += `${name}{${inner}} ${v} ${t / 1000}\n`;
  }
}
text += '# EOF\n';
writeFileSync(join(folder, 'data.om'), text);
execFileSync('promtool', [
  'tsdb',
  'create-blocks-from',
  'openmetrics',
  join(folder, 'data.om'),
  join(folder, 'data'),
]);
writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
const port = 19095;
const server = spawn('prometheus', [
  `--config.file=${join(folder, 'prometheus.yml')}`,
  `--storage.tsdb.path=${join(folder, 'data')}`,
  `--web.listen-address=127.0.0.1:${port}`,
  '--storage.tsdb.retention.time=100y',
  '--log.level=error',
]);
const base = `http://127.0.0.1:${port}`;
try {
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${base}/-/ready`).then(
      r => r.ok,
      () => false,
    );
    if (ready) break;
    if (tries > 100) throw new Error('Prometheus did not start');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  const ask = async (path, parameters) => {
    const answer = await fetch(
      `${base}/api/v1/${path}?${new URLSearchParams(parameters)}`,
    );
    const body = await answer.json();
    return { status: answer.status, body };
  };
  const recorded = [];
  for (const query of queries) {
    recorded.push({
      query,
      instant: await ask('query', { query, time: String(at) }),
      range: await ask('query_range', {
        query,
        start: String(range.start),
        end: String(range.end),
        step: String(range.step),
      }),
    });
  }
  // JSON has no NaN.
  const stored = kept.map(({ labels, samples }) => ({
    labels,
    samples: samples.map(([t, v]) => [t, Number.isNaN(v) ? 'NaN' : v]),
  }));
  writeFileSync(
    join(here, 'recorded.json'),
    `${JSON.stringify({
      prometheus: '2.42.0',
      at,
      range,
      series: stored,
      recorded,
    })}\n`,
  );
  const failed = recorded.filter(
    ({ instant, range: r }) => instant.status !== 200 || r.status !== 200,
  );
  console.log(
    `${recorded.length} expressions recorded, ${failed.length} refused by Prometheus:`,
  );
  for (const { query, instant, range: r } of failed) {
    console.log(
      `  ${query}: ${instant.status} ${instant.body.error ?? ''} / ${
        r.status
      } ${r.body.error ?? ''}`,
    );
  }
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
