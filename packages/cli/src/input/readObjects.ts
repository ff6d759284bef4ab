import {
  kindNameOf,
  KINDS,
  KubeObject,
  objectKey,
  describeObject,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import { ParsedDocument, parseDocuments } from './parseDocuments';
import { InputFile } from './readFiles';

type Raw = Readonly<Record<string, unknown>>;

/** Where an object was written. */
export interface ObjectPlace {
  file: InputFile;
  /** From 1. */
  document: number;
  /** Line of the file on which the document starts, from 1. */
  line: number;
  /** Path of the object in the document: `items[2]` in a list, else empty. */
  path: string;
}

/** The objects of some files, and where each was written, by `objectKey`. */
export interface ReadObjects {
  objects: KubeObject[];
  places: ReadonlyMap<string, ObjectPlace>;
}

/**
 * The Kubernetes objects of the files: lists are taken apart, an object without namespace is in `default`.
 * Throws `BadInput` for what is no object, and for two objects of one name, of which only one could be meant.
 */
export function readObjects(files: readonly InputFile[]): ReadObjects {
  const objects: KubeObject[] = [];
  const places = new Map<string, ObjectPlace>();
  for (const { object, place } of eachObject(files)) {
    const key = objectKey(object);
    const other = places.get(key);
    if (other) {
      throw BadInput.at(
        { ...place, file: place.file.name },
        `${describeObject(object)} is also in ${other.file.name}, document ${
          other.document
        }, line ${other.line}`,
      );
    }
    places.set(key, place);
    objects.push(object);
  }
  return { objects, places };
}

/** The same objects for who does not ask where they were written, nor whether one was written twice. */
export function readBareObjects(files: readonly InputFile[]): KubeObject[] {
  return Array.from(eachObject(files), ({ object }) => object);
}

function* eachObject(
  files: readonly InputFile[],
): Generator<{ object: KubeObject; place: ObjectPlace }> {
  for (const file of files) {
    for (const parsed of parseDocuments(file.name, file.text)) {
      if (file.found && !looksLikeObject(parsed.value)) {
        continue;
      }
      const { document, line } = parsed;
      for (const { object, path } of expand(parsed.value, parsed)) {
        yield { object, place: { file, document, line, path } };
      }
    }
  }
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values files, workflows and the like lie beside manifests. */
function looksLikeObject(value: unknown): boolean {
  return isRaw(value) && ('apiVersion' in value || 'kind' in value);
}

function expand(
  value: unknown,
  place: ParsedDocument,
  path = '',
): { object: KubeObject; path: string }[] {
  if (!isRaw(value)) {
    throw BadInput.at(place, 'is no Kubernetes object');
  }
  const { kind, items } = value;
  if (
    typeof kind === 'string' &&
    kind.endsWith('List') &&
    Array.isArray(items)
  ) {
    const item = kind === 'List' ? undefined : kind.slice(0, -4);
    return items.flatMap((each: unknown, index) =>
      expand(
        isRaw(each) && item
          ? { apiVersion: value.apiVersion, kind: item, ...each }
          : each,
        place,
        `${path === '' ? '' : `${path}.`}items[${index}]`,
      ),
    );
  }
  return [{ object: toObject(value, place), path }];
}

function toObject(raw: Raw, place: ParsedDocument): KubeObject {
  const { apiVersion, kind, metadata } = raw;
  for (const [field, value] of Object.entries({ apiVersion, kind })) {
    if (typeof value !== 'string' || value === '') {
      throw BadInput.at(place, `${field} is required and must be text`);
    }
  }
  if (!isRaw(metadata)) {
    throw BadInput.at(place, 'metadata is required and must be an object');
  }
  const { name, namespace } = metadata;
  if (typeof name !== 'string' || name === '') {
    throw BadInput.at(place, 'metadata.name is required and must be text');
  }
  if (
    namespace !== undefined &&
    namespace !== null &&
    typeof namespace !== 'string'
  ) {
    throw BadInput.at(place, 'metadata.namespace must be text');
  }
  const object = raw as unknown as KubeObject;
  const known = kindNameOf(object);
  const namespaced = known ? KINDS[known].namespaced : true;
  return namespaced && !namespace
    ? { ...object, metadata: { ...object.metadata, namespace: 'default' } }
    : object;
}
