import { apiGroupOf } from '../resources/kinds';
import { describeObject } from '../resources/objectKey';
import type { ObjectRef } from '../resources/types';
import { isMap, type JsonMap } from './json';
import { findPatches } from './kustomize';
import { readValues } from './readValues';
import type { ManifestPlace, Outcome, SourceFile } from './types';

/** Go templates of Helm, and Jinja: what the file says is known only when it is rendered. */
const TEMPLATE = /\{\{|\{%/;

/**
 * The one place of the files that holds the object: same API group, kind, name and namespace, where a
 * file without a namespace has the one of the configuration (as Kustomize or Argo CD would set it).
 * Documents and Lists are looked through; the API version may be another.
 */
export function findManifest(options: {
  files: readonly SourceFile[];
  object: ObjectRef;
  namespace?: string;
}): Outcome<{ place: ManifestPlace }> {
  const { files, object } = options;
  const name = describeObject(object);
  const mentioned = files.filter(file => mentions(file.text, object));
  const plain = mentioned.filter(({ text }) => !TEMPLATE.test(text));
  const places: ManifestPlace[] = [];
  for (const file of plain) {
    const read = readPlaces(file, options);
    if (read === undefined) {
      return refuse(
        'unreadable',
        `${file.path} names ${name} and is not valid YAML; mend the file`,
      );
    }
    places.push(...read);
  }
  const patched = findPatches(files, object);
  if (patched !== undefined) {
    return refuse(
      'patched',
      `${patched} patches ${name} with Kustomize, so the file alone does not say what is applied; change the patch by hand`,
    );
  }
  if (places.length === 1) {
    return { ok: true, place: places[0] };
  }
  if (places.length > 1) {
    const paths = [...new Set(places.map(({ path }) => path))];
    return refuse(
      'several',
      `${name} stands ${places.length} times in ${paths.join(
        ', ',
      )}; set the paths of the Git source so that one is left`,
    );
  }
  const [template] = mentioned.filter(({ text }) => TEMPLATE.test(text));
  return template
    ? refuse(
        'template',
        `${template.path} is a template; change its values by hand`,
      )
    : refuse(
        'notFound',
        `no file of the Git source holds ${name}; set its paths, and the namespace where files name none`,
      );
}

function refuse(
  code: 'unreadable' | 'patched' | 'several' | 'template' | 'notFound',
  text: string,
): Outcome<never> {
  return { ok: false, problem: { code, text } };
}

/** Cheap, before a file is parsed. */
function mentions(text: string, { kind, name }: ObjectRef): boolean {
  return text.includes(kind) && text.includes(name);
}

/** Undefined when the file is no YAML. */
function readPlaces(
  file: SourceFile,
  options: { object: ObjectRef; namespace?: string },
): ManifestPlace[] | undefined {
  return readValues(file.text)?.flatMap((document, index) =>
    listObjects(document).flatMap(({ value, within }) =>
      isObject(value, options)
        ? [{ path: file.path, document: index, within, value }]
        : [],
    ),
  );
}

function listObjects(
  value: unknown,
): { value: JsonMap; within: (string | number)[] }[] {
  if (!isMap(value)) return [];
  if (
    typeof value.kind === 'string' &&
    value.kind.endsWith('List') &&
    Array.isArray(value.items)
  ) {
    return value.items.flatMap((item, index) =>
      isMap(item) ? [{ value: item, within: ['items', index] }] : [],
    );
  }
  return [{ value, within: [] }];
}

function isObject(
  value: JsonMap,
  { object, namespace }: { object: ObjectRef; namespace?: string },
): boolean {
  const metadata = isMap(value.metadata) ? value.metadata : {};
  return (
    value.kind === object.kind &&
    metadata.name === object.name &&
    typeof value.apiVersion === 'string' &&
    apiGroupOf(value.apiVersion) === apiGroupOf(object.apiVersion) &&
    (metadata.namespace ?? namespace) === object.namespace
  );
}
