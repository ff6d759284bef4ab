import * as fc from 'fast-check';

/** Values are few and meet each other often, since a policy that never matches says little. */
const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const some = <T>(values: fc.Arbitrary<T>) =>
  fc.array(values, { minLength: 1, maxLength: 2 });

const principal = pick(
  'cluster.local/ns/shop/sa/web',
  'cluster.local/ns/ops/sa/web',
  'td1/ns/shop/sa/web',
  'td2/ns/shop/sa/api',
  '*/ns/shop/sa/web',
  '*-td/ns/shop/sa/web',
  'cluster.local/ns/shop/*',
  '*/sa/web',
  '*',
  'sa/web',
);
const namespace = pick('shop', 'ops', 'sh*', '*p', '*', 's*p', 'sho');
const serviceAccount = pick('web', 'shop/web', 'ops/web', 'shop/api', 'we');
const trustDomain = pick('cluster.local', 'td1', 'td2', '*', 'td*', '*.local');
const block = pick(
  '10.1.0.0/16',
  '10.1.0.9',
  '10.1.0.8/31',
  '0.0.0.0/0',
  '192.0.2.0/24',
  '2001:db8::/32',
  '::/0',
);
const requestPrincipal = pick(
  '*',
  'https://idp.example/alice',
  'https://idp.example/*',
  '*/alice',
  'https://idp.example/bo*',
  'https:*',
  '*alice',
  'alice',
  'https://other.example/alice',
);
const host = pick('api', 'api:80', '*.example', 'API.*', '*', 'api.shop*');
const port = pick('8080', '9000', '80', '7777');
const method = pick('GET', 'POST', 'P*', '*T', '*');
const path = pick(
  '/',
  '/a',
  '/a/*',
  '*/info',
  '*',
  '/a/{*}',
  '/a/{**}',
  '/{*}/b/{**}',
  '/a/{*}/c',
  '/{**}/info',
  '/a?x=1',
);

const optional = (lists: Record<string, fc.Arbitrary<string[]>>) =>
  fc
    .record(lists, { requiredKeys: [] })
    .filter(record => Object.keys(record).length > 0);

/** Sparse: with all lists at once nothing would ever match. */
function sparse(lists: Record<string, fc.Arbitrary<string>>, most: number) {
  const names = Object.keys(lists).flatMap(name => [
    name,
    name,
    `not${name[0].toUpperCase()}${name.slice(1)}`,
  ]);
  const valuesOf = (name: string) =>
    some(lists[name] ?? lists[`${name[3].toLowerCase()}${name.slice(4)}`]);
  return fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: most })
    .chain(chosen =>
      fc.record(Object.fromEntries(chosen.map(name => [name, valuesOf(name)]))),
    );
}

const source = fc.oneof(
  sparse(
    {
      principals: principal,
      namespaces: namespace,
      requestPrincipals: requestPrincipal,
      ipBlocks: block,
      remoteIpBlocks: block,
      trustDomains: trustDomain,
    },
    2,
  ),
  optional({
    serviceAccounts: some(serviceAccount),
    notServiceAccounts: some(serviceAccount),
    ipBlocks: some(block),
  }),
);
const plainSource = sparse({ ipBlocks: block, remoteIpBlocks: block }, 2);
const operation = sparse(
  { hosts: host, ports: port, methods: method, paths: path },
  2,
);
const tcpOperation = sparse({ ports: port }, 1);

const plainConditions: Record<string, fc.Arbitrary<string>> = {
  'source.ip': block,
  'remote.ip': block,
  'destination.ip': pick('10.1.0.1', '10.1.0.0/24', '10.9.0.0/16'),
  'destination.port': port,
  'connection.sni': pick('outbound*', '*.local', '*', 'api'),
  'request.headers[X-Team]': pick('red', 'r*', '*d', '*', 'blue'),
  'request.headers[:authority]': pick('api', 'API', '*'),
  'request.headers[:method]': method,
};
const allConditions: Record<string, fc.Arbitrary<string>> = {
  ...plainConditions,
  'source.namespace': namespace,
  'source.principal': principal,
  'source.serviceAccount': serviceAccount,
  'source.trustDomain': trustDomain,
  'request.auth.principal': requestPrincipal,
  'request.auth.audiences': pick('app', 'ap*', '*', 'other'),
  'request.auth.presenter': pick('cli', '*'),
  'request.auth.claims[group]': pick('admin', 'ad*', '*', 'dev'),
  'request.auth.claims[scope]': pick('read', 'write', '*'),
  'request.auth.claims[realm][role]': pick('boss', '*'),
  'request.auth.claims[level]': pick('7', '*'),
};

function condition(kinds: Record<string, fc.Arbitrary<string>>) {
  return fc.constantFrom(...Object.keys(kinds)).chain(key =>
    fc
      .oneof(
        { weight: 3, arbitrary: fc.record({ values: some(kinds[key]) }) },
        { weight: 2, arbitrary: fc.record({ notValues: some(kinds[key]) }) },
        {
          weight: 1,
          arbitrary: fc.record({
            values: some(kinds[key]),
            notValues: some(kinds[key]),
          }),
        },
      )
      .map(lists => ({ key, ...lists })),
  );
}

function rule(parts: {
  source: fc.Arbitrary<unknown>;
  operation: fc.Arbitrary<unknown>;
  condition: fc.Arbitrary<unknown>;
}) {
  const list = (item: fc.Arbitrary<unknown>, name: string) =>
    fc.array(
      item.map(fields => ({ [name]: fields })),
      { minLength: 1, maxLength: 2 },
    );
  return fc.record(
    {
      from: list(parts.source, 'source'),
      to: list(parts.operation, 'operation'),
      when: fc.array(parts.condition, { minLength: 1, maxLength: 1 }),
    },
    { requiredKeys: [] },
  );
}

/** Rules of ALLOW, DENY and AUDIT policies. */
const anyRule = rule({
  source,
  operation: fc.oneof(
    { weight: 4, arbitrary: operation },
    { weight: 1, arbitrary: tcpOperation },
  ),
  condition: condition(allConditions),
});
/** CUSTOM may not ask who calls. */
const customRule = rule({
  source: plainSource,
  operation,
  condition: condition(plainConditions),
});

const selector = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: pick(
      { selector: { matchLabels: { app: 'api' } } },
      { selector: { matchLabels: { app: 'db' } } },
      { selector: { matchLabels: { app: 'api', version: 'v2' } } },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant({
      targetRefs: [{ group: '', kind: 'Service', name: 'api' }],
    }),
  },
);

/** The spec of an AuthorizationPolicy, with its annotation. */
export const policySpec: fc.Arbitrary<{
  spec: Readonly<Record<string, unknown>>;
  annotations: Readonly<Record<string, string>>;
}> = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        action: pick('ALLOW', 'ALLOW', 'DENY', 'AUDIT'),
        rules: fc.array(anyRule, { minLength: 1, maxLength: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        action: fc.constant('CUSTOM'),
        provider: pick(
          { name: 'gate' },
          { name: 'gate' },
          { name: 'rpc' },
          { name: 'gone' },
          { name: 'lost' },
        ),
        rules: fc.array(customRule, { minLength: 1, maxLength: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: pick<Record<string, unknown>>(
        {},
        { rules: [{}] },
        { action: 'DENY', rules: [{}] },
        { action: 'ALLOW', rules: [] },
      ),
    },
  )
  .chain(spec =>
    fc.record({
      spec: selector.map(target => ({ ...spec, ...target })),
      annotations:
        'action' in spec && ['CUSTOM', 'AUDIT'].includes(String(spec.action))
          ? fc.constant({})
          : fc.oneof(
              { weight: 6, arbitrary: fc.constant({}) },
              {
                weight: 1,
                arbitrary: pick(
                  { 'istio.io/dry-run': 'true' },
                  { 'istio.io/dry-run': 'false' },
                ),
              },
            ),
    }),
  );
