import { Button } from '@backstage/ui';
import { ResponseError } from '@backstage/errors';
import type { SourceError } from '@istio-backstage/plugin-istio-common';
import { Note } from './Note';
import { asSentence } from './presentFreshness';
import styles from './ErrorNote.module.css';

/** What a failed request says to a person. */
export function presentError(error: unknown): string {
  if (error instanceof ResponseError) {
    return (
      error.body.error?.message || `${error.statusCode} ${error.statusText}`
    );
  }
  return error instanceof Error ? error.message : String(error);
}

/** A request of this page failed; the rest of the page stands. */
export function ErrorNote(props: {
  /** What could not be loaded, e.g. "The golden signals". */
  what: string;
  error: unknown;
  onRetry?: () => void;
}) {
  const { what, error, onRetry } = props;
  return (
    <div role="alert">
      <Note tone="bad">
        <strong>{what} could not be loaded.</strong> {presentError(error)}
        {onRetry && (
          <div className={styles.retry}>
            <Button size="small" variant="secondary" onPress={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </Note>
    </div>
  );
}

const SOURCES: Record<SourceError['source'], string> = {
  kubernetes: 'The Kubernetes API',
  prometheus: 'Metrics (Prometheus)',
  jaeger: 'Traces (Jaeger)',
  catalog: 'The catalog',
  database: 'The record of changes',
};

/** Sources that failed for an answer whose other parts stand, each by name and cluster. */
export function SourceErrors(props: { errors: readonly SourceError[] }) {
  const { errors } = props;
  if (errors.length === 0) return null;
  return (
    <div role="status" className={styles.list}>
      {errors.map(error => (
        <Note
          key={`${error.cluster}/${error.source}/${error.message}`}
          tone="warn"
        >
          <strong>
            {SOURCES[error.source]}
            {error.cluster ? ` of ${error.cluster}` : ''}:
          </strong>{' '}
          {asSentence(error.message)}
        </Note>
      ))}
    </div>
  );
}
