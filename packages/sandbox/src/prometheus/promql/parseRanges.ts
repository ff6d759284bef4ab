import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from './literals';
import { childrenOf, type ParseContext } from './syntaxTree';
import {
  Expr,
  MatrixSelector,
  PromqlExecutionError,
  PromqlParseError,
} from './types';

function durationOf(node: SyntaxNode, context: ParseContext): number {
  const text = context.text(node);
  const negative = text.startsWith('-');
  const duration = parseDuration(negative ? text.slice(1) : text);
  if (duration === undefined) {
    throw new PromqlExecutionError(
      `the sandbox reads durations with a unit only, for example 5m; got ${text}`,
    );
  }
  return negative ? -duration : duration;
}

/** `selector[5m]`. */
export function buildMatrix(
  node: SyntaxNode,
  context: ParseContext,
): MatrixSelector {
  const [inner, range] = childrenOf(node);
  const selector = context.build(inner);
  if (selector.type !== 'vector') {
    throw new PromqlParseError('ranges only allowed for vector selectors');
  }
  if (selector.offsetMs !== 0) {
    throw new PromqlParseError('no offset modifiers allowed before range');
  }
  const rangeMs = durationOf(range, context);
  if (rangeMs <= 0) {
    throw new PromqlParseError('duration must be greater than 0');
  }
  return { type: 'matrix', selector, rangeMs };
}

/** `… offset 5m`, on a selector with or without range. */
export function buildOffset(node: SyntaxNode, context: ParseContext): Expr {
  const parts = childrenOf(node);
  const expr = context.build(parts[0]);
  const offsetMs = durationOf(parts[parts.length - 1], context);
  if (expr.type === 'vector') return { ...expr, offsetMs };
  if (expr.type === 'matrix') {
    return { ...expr, selector: { ...expr.selector, offsetMs } };
  }
  throw new PromqlParseError(
    'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
  );
}
