import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BadInput } from '../BadInput';
import { Terminal } from '../types';

/** A text and the name it is known by. */
export interface InputFile {
  name: string;
  text: string;
  /** Found in a folder, not named: what is no Kubernetes object in it is passed over. */
  found: boolean;
}

const EXTENSIONS = /\.(ya?ml|json)$/i;
/** Folders that hold no manifests. */
const SKIPPED = new Set(['node_modules', '.git']);

/** The files that the paths name, each once, in the order of their names within a folder. */
export function readFiles(
  paths: readonly string[],
  terminal: Terminal,
): InputFile[] {
  const seen = new Set<string>();
  return paths.flatMap(path => {
    if (path === '-') {
      return [{ name: 'stdin', text: terminal.readStdin(), found: false }];
    }
    return listFiles(resolve(terminal.cwd, path), path)
      .filter(({ file }) => !seen.has(file) && seen.add(file))
      .map(({ file, found }) => ({
        name: relative(terminal.cwd, file) || file,
        text: readText(file),
        found,
      }));
  });
}

/** One file that must be there. */
export function readFile(path: string, terminal: Terminal): InputFile {
  return {
    name: path,
    text: readText(resolve(terminal.cwd, path)),
    found: false,
  };
}

function listFiles(
  path: string,
  asWritten: string,
): { file: string; found: boolean }[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new BadInput(`${asWritten}: no such file or folder`);
  }
  if (!isFolder) {
    return [{ file: path, found: false }];
  }
  const files = walk(path);
  if (files.length === 0) {
    throw new BadInput(`${asWritten}: no .yaml, .yml or .json file in it`);
  }
  return files.map(file => ({ file, found: true }));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return SKIPPED.has(entry.name) ? [] : walk(path);
      }
      return EXTENSIONS.test(entry.name) ? [path] : [];
    });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInput(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}
