import { diffTexts } from '../changes/diffObjects';
import { formatYamlLines } from '../resources/formatYaml';
import { describeObject } from '../resources/objectKey';
import { carryOver } from './carryOver';
import { editManifest, removeDocument } from './editManifest';
import { findManifest } from './findManifest';
import { findListing, folderOf } from './kustomize';
import type {
  EditedFile,
  ManifestOperation,
  ManifestPlace,
  ManifestProblem,
  ManifestRules,
  Outcome,
  SourceFile,
} from './types';

/** An operation and what its Git source says of files. */
export interface SourcedOperation {
  operation: ManifestOperation;
  rules: ManifestRules;
}

class Stop extends Error {
  constructor(readonly problem: ManifestProblem) {
    super(problem.text);
  }
}

/**
 * The files that a plan's operations edit, as a proposal leaves them: each object in the one document
 * that holds it, a new one in the configured place. Nothing of a file changes that the plan does not
 * change. The first thing that cannot be done so is the answer instead.
 */
export function prepareFiles(options: {
  files: readonly SourceFile[];
  operations: readonly SourcedOperation[];
}): Outcome<{ files: EditedFile[] }> {
  const work = new Map<string, string | undefined>();
  try {
    for (const each of options.operations) {
      prepare(each, options.files, work);
    }
  } catch (error) {
    if (error instanceof Stop) return { ok: false, problem: error.problem };
    throw error;
  }
  const originals = new Map(
    options.files.map(({ path, text }) => [path, text]),
  );
  return {
    ok: true,
    files: [...work]
      .filter(([path, text]) => originals.get(path) !== text)
      .map(([path, text]) => describeEdit(path, originals.get(path), text)),
  };
}

function describeEdit(
  path: string,
  before: string | undefined,
  text: string | undefined,
): EditedFile {
  return {
    path,
    ...(text !== undefined && { text }),
    ...(before !== undefined && { before }),
    diff: diffTexts(before ?? '', text ?? ''),
  };
}

function prepare(
  { operation, rules }: SourcedOperation,
  files: readonly SourceFile[],
  work: Map<string, string | undefined>,
): void {
  const current = withWork(files, work);
  if (operation.action === 'create') {
    addNew({ operation, rules }, current, work);
    return;
  }
  const found = take(
    findManifest({
      files: current,
      object: operation.object,
      namespace: rules.namespace,
    }),
  ).place;
  const text = current.find(({ path }) => path === found.path)?.text ?? '';
  if (operation.action === 'delete') {
    removeObject(found, text, { work, files: current });
    return;
  }
  const carried = carryOver({
    file: found.value,
    before: operation.before ?? {},
    after: operation.after ?? {},
  });
  if ('differs' in carried) {
    // Two clusters with one file: the edit for the first was the one for the second.
    const again = carryOver({
      file: found.value,
      before: operation.after ?? {},
      after: operation.after ?? {},
    });
    if (work.has(found.path) && 'desired' in again) return;
    throw new Stop({
      code: work.has(found.path) ? 'contradiction' : 'outOfSync',
      text: work.has(found.path)
        ? `${found.path} would have to say two things of ${describeObject(
            operation.object,
          )}; choose one cluster at a time`
        : `${found.path} and ${operation.object.cluster} differ in ${
            carried.differs
          } of ${describeObject(
            operation.object,
          )}; bring the two together first`,
    });
  }
  const edited = take(
    editManifest({
      text,
      part: { document: found.document, within: found.within },
      desired: carried.desired,
    }),
    found.path,
  );
  work.set(found.path, edited.text);
}

function withWork(
  files: readonly SourceFile[],
  work: Map<string, string | undefined>,
): SourceFile[] {
  const known = new Set(files.map(({ path }) => path));
  return [
    ...files.flatMap(({ path, text }) => {
      const now = work.has(path) ? work.get(path) : text;
      return now === undefined ? [] : [{ path, text: now }];
    }),
    ...[...work].flatMap(([path, text]) =>
      known.has(path) || text === undefined ? [] : [{ path, text }],
    ),
  ];
}

/** The value, or the end of the preparing. */
function take<T>(outcome: Outcome<T>, path?: string): T {
  if (outcome.ok) return outcome;
  const { code, text } = outcome.problem;
  throw new Stop({
    code,
    text:
      path === undefined
        ? text
        : `${path} cannot be edited in place: ${text}; edit it by hand`,
  });
}

function removeObject(
  place: ManifestPlace,
  text: string,
  context: { work: Map<string, string | undefined>; files: SourceFile[] },
): void {
  const { path, document, within } = place;
  if (within.length > 0) {
    throw new Stop({
      code: 'notEditable',
      text: `${path} holds it in a List; remove it there by hand`,
    });
  }
  const left = take(removeDocument(text, document), path).text;
  context.work.set(path, left);
  if (left === undefined) {
    unlist(path, context);
  }
}

/** A new object as `kubectl get -o yaml` would print it, in a file of its own or at the end of one. */
function addNew(
  { operation, rules }: SourcedOperation,
  files: SourceFile[],
  work: Map<string, string | undefined>,
): void {
  const name = describeObject(operation.object);
  if (rules.newFiles === undefined) {
    throw new Stop({
      code: 'noPlaceForNew',
      text: `${name} is new and the Git source names no place for new objects; set its newFiles`,
    });
  }
  const body = `${formatYamlLines(operation.body ?? operation.after)
    .map(({ text }) => text)
    .join('\n')}\n`;
  const isFile = /\.ya?ml$/.test(rules.newFiles);
  const path = isFile
    ? rules.newFiles
    : `${rules.newFiles.replace(/\/+$/, '')}/${fileNameOf(operation)}`;
  const present = files.find(file => file.path === path)?.text;
  if (present === body) return;
  if (present !== undefined && !isFile) {
    throw new Stop({
      code: 'contradiction',
      text: `${path} is there already and ${name} is not in the cluster; bring the two together first`,
    });
  }
  work.set(
    path,
    present === undefined || present.trim() === ''
      ? body
      : `${present.replace(/\n?$/, '\n')}---\n${body}`,
  );
  list(path, { work, files });
}

function fileNameOf({ object }: ManifestOperation): string {
  return `${object.name}.${object.kind.toLowerCase()}.yaml`;
}

interface Listing {
  work: Map<string, string | undefined>;
  files: SourceFile[];
}

/** A kustomization that lists its files has to list the new one too. */
function list(path: string, context: Listing): void {
  relist(path, context, (listed, name) =>
    listed.includes(name) ? listed : [...listed, name],
  );
}

function unlist(path: string, context: Listing): void {
  relist(path, context, (listed, name) =>
    listed.filter(each => each !== name && each !== `./${name}`),
  );
}

function relist(
  path: string,
  { work, files }: Listing,
  change: (listed: unknown[], name: string) => unknown[],
): void {
  const found = findListing(files, folderOf(path));
  if (!found) return;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const { file, value } = found;
  const edited = take(
    editManifest({
      text: file.text,
      part: { document: 0, within: [] },
      desired: {
        ...value,
        resources: change(value.resources as unknown[], name),
      },
    }),
    file.path,
  );
  work.set(file.path, edited.text);
}
