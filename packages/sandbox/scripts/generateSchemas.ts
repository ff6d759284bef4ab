/**
 * Turns published API descriptions into the compact schemas under packages/sandbox/schemas: structure, enums, patterns,
 * defaults, CEL rules and list types; no prose. One JSON document per line, the first line says where they come from.
 *
 *   yarn workspace @istio-backstage/sandbox generate-schemas \
 *     --istio <istio>/manifests/charts/base/files/crd-all.gen.yaml \
 *     --gateway-api <gateway-api>/config/crd/standard \
 *     --kubernetes <kubernetes>/api/openapi-spec/swagger.json
 *
 * `--istio-version`, `--gateway-api-version` and `--kubernetes-version` name the versions in the files' first lines.
 * Each source may be left out; its file then stays as it is. What the product itself judges of Gateway API goes into
 * plugins/istio-common too.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAll } from 'js-yaml';
import { buildCoreSchemas } from './coreSchemas';
import { buildCrdLines } from './crdSchemas';
import { buildKubernetesLines } from './kubernetesSchemas';

const TARGET = resolve(__dirname, '../schemas');
const CORE_TARGET = resolve(
  __dirname,
  '../../../plugins/istio-common/src/schema/gatewayApi.json',
);

function readDocuments(path: string): unknown[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter(name => name.endsWith('.yaml'))
        .sort()
        .map(name => join(path, name))
    : [path];
  return files.flatMap(file => loadAll(readFileSync(file, 'utf8')));
}

function writeLines(file: string, lines: unknown[]): void {
  const text = lines.map(line => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(TARGET, file), text);
  process.stdout.write(
    `${file}: ${lines.length - 1} entries, ${Math.round(
      text.length / 1024,
    )} KB\n`,
  );
}

const { values } = parseArgs({
  options: {
    istio: { type: 'string' },
    'istio-version': { type: 'string', default: 'unknown' },
    'gateway-api': { type: 'string' },
    'gateway-api-version': { type: 'string', default: 'unknown' },
    kubernetes: { type: 'string' },
    'kubernetes-version': { type: 'string', default: 'unknown' },
  },
});

if (!values.istio && !values['gateway-api'] && !values.kubernetes) {
  process.stderr.write(
    'Name at least one of --istio FILE, --gateway-api DIRECTORY, --kubernetes FILE.\n',
  );
  process.exit(2);
}
if (values.istio) {
  writeLines('istio.ndjson', [
    { source: 'istio.io/istio', version: values['istio-version'] },
    ...buildCrdLines(readDocuments(values.istio)),
  ]);
}
if (values['gateway-api']) {
  const source = {
    source: 'sigs.k8s.io/gateway-api, standard channel',
    version: values['gateway-api-version'],
  };
  const lines = buildCrdLines(readDocuments(values['gateway-api']));
  writeLines('gateway-api.ndjson', [source, ...lines]);
  writeFileSync(CORE_TARGET, `${JSON.stringify(buildCoreSchemas(lines))}\n`);
}
if (values.kubernetes) {
  writeLines('kubernetes.ndjson', [
    { source: 'k8s.io/kubernetes', version: values['kubernetes-version'] },
    ...buildKubernetesLines(
      JSON.parse(readFileSync(values.kubernetes, 'utf8')),
    ),
  ]);
}
