import { CORE_SCHEMA, Type } from 'js-yaml';

/** Times stay texts, as they are in Kubernetes; `<<` merges, as kubectl does. */
export const YAML_SCHEMA = CORE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:merge', {
      kind: 'scalar',
      resolve: data => data === '<<',
    }),
  ],
});
