import { withoutMark } from '../input/parseDocuments';
import { InputFile } from '../input/readFiles';
import { ObjectPlace } from '../input/readObjects';
import { DocumentText, splitDocuments } from '../input/splitDocuments';
import { findField } from './findField';
import { FieldPositions, locateFields, Position } from './locateFields';

/** A position in a file. */
export interface FilePosition extends Position {
  file: string;
}

/**
 * Says where the fields of objects stand. Only what is asked for is read again: of a file the documents, of a
 * document the positions, each once.
 */
export class FieldLocator {
  readonly #documents = new Map<InputFile, DocumentText[]>();
  readonly #positions = new Map<DocumentText, FieldPositions | undefined>();

  /** The field, or the nearest one above it that is written. */
  locate(place: ObjectPlace, path: string): FilePosition {
    const file = place.file.name;
    const text = this.#textOf(place);
    const root = text && this.#positionsOf(text);
    if (!text || !root) {
      return { file, line: place.line, column: 1 };
    }
    const object = findField(root, place.path);
    const { line, column } = findField(object, path);
    return { file, line: text.line + line - 1, column };
  }

  #textOf({ file, document }: ObjectPlace): DocumentText | undefined {
    let documents = this.#documents.get(file);
    if (!documents) {
      documents = splitDocuments(withoutMark(file.text));
      this.#documents.set(file, documents);
    }
    return documents[document - 1];
  }

  #positionsOf(text: DocumentText): FieldPositions | undefined {
    if (!this.#positions.has(text)) {
      this.#positions.set(text, locateFields(text.text));
    }
    return this.#positions.get(text);
  }
}
