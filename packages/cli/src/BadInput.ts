/** The input or the command line cannot be used; ends the run with 2. */
export class BadInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadInput';
  }

  /** Names the place, as far as it is known: `mesh.yaml: document 2, line 14: …`. */
  static at(
    place: { file: string; document?: number; line?: number },
    message: string,
  ): BadInput {
    const where = [
      place.document === undefined ? undefined : `document ${place.document}`,
      place.line === undefined ? undefined : `line ${place.line}`,
    ].filter(part => part !== undefined);
    return new BadInput(
      [
        place.file,
        ...(where.length > 0 ? [where.join(', ')] : []),
        message,
      ].join(': '),
    );
  }
}
