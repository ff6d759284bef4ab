import type { SyntaxNode } from '@lezer/common';
import type { Expr } from './types';

/** What the builders of single nodes share. */
export interface ParseContext {
  text(node: SyntaxNode): string;
  build(node: SyntaxNode): Expr;
}

/** Children of a node, in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}
