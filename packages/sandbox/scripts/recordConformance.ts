/**
 * Records what a real kube-apiserver answers to the conformance steps, into
 * packages/sandbox/src/kubernetes/conformance/recorded.ndjson.
 *
 *   yarn workspace @istio-backstage/sandbox record-conformance --url https://127.0.0.1:6443
 *
 * The server needs Istio's and Gateway API's CRDs, no Istio webhook, `--token-auth-file` with the lines
 * `sandbox-admin,admin,admin,system:masters`, `sandbox-portal,portal,portal` and `sandbox-vera,vera.lind,vera,viewers`,
 * and no namespace `conformance`. Set NODE_TLS_REJECT_UNAUTHORIZED=0 for a self-signed certificate.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runSteps } from '../src/kubernetes/conformance/runSteps';
import { ALL_STEPS } from '../src/kubernetes/conformance/steps/allSteps';

const TARGET = resolve(
  __dirname,
  '../src/kubernetes/conformance/recorded.ndjson',
);

async function record(url: string): Promise<void> {
  const answers = await runSteps(url, ALL_STEPS);
  if (answers[0].status !== 201) {
    throw new Error(
      'The namespace `conformance` exists or is still being deleted: nothing was recorded',
    );
  }
  const lines = answers.map(answer => `${JSON.stringify(answer)}\n`);
  writeFileSync(TARGET, lines.join(''));
  process.stdout.write(`${answers.length} answers recorded\n`);
}

const { values } = parseArgs({ options: { url: { type: 'string' } } });
if (!values.url) {
  process.stderr.write('Name the server: --url https://127.0.0.1:6443\n');
  process.exit(2);
}
record(values.url).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
