import type { ChangePreview } from '@istio-backstage/plugin-istio-common';

/** Where a preview is. `previous` is the last one, shown dimmed until the next is there. */
export type PreviewState =
  | { kind: 'none'; previous?: ChangePreview }
  | { kind: 'loading'; previous?: ChangePreview }
  /** The base moved: no longer true, and the next one was not looked at yet. */
  | { kind: 'stale'; previous?: ChangePreview }
  | { kind: 'failed'; message: string; previous?: ChangePreview }
  | { kind: 'ready'; preview: ChangePreview };
