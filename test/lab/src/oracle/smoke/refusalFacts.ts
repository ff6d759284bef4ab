import { collectFacts, refusal, to } from './fact';
import { service, shop, vs } from './worlds';

const { facts, ask, route } = collectFacts();

/** Questions that get no answer, and that the next one does. */
export const refusalFacts = facts;

ask('unknown op', 'guess', '', refusal('unknown op'));
ask('misspelt field', 'validate', '', refusal('unknown field'), { yamll: '' });
ask('broken YAML', 'route', 'a: [', refusal('yaml document 0'), {
  from: {},
  host: 'a',
  port: 80,
});
ask(
  'invalid world',
  'route',
  shop + vs('r', '{hosts: []}'),
  refusal('configuration is invalid'),
  { from: {}, host: 'a', port: 80 },
);
ask(
  'duplicate object',
  'route',
  shop + service('reviews'),
  refusal('already exists'),
  { from: {}, host: 'a', port: 80 },
);
ask('unknown pod', 'route', shop, refusal('no pod default/ghost'), {
  from: { pod: 'ghost' },
  host: 'a',
  port: 80,
});
ask('unknown mode', 'authz', shop, refusal('unknown mode'), {
  server: { pod: 'reviews-v1' },
  port: 8080,
  mode: 'waypoint',
});
route('still answering after errors', shop, to(['', 100]));
