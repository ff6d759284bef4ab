import type { SyntaxNode } from '@lezer/common';
import { childrenOf, type ParseContext } from './syntaxTree';
import {
  AGGREGATIONS,
  COMPARISONS,
  expectType,
  PARAMETER_AGGREGATIONS,
  SET_OPERATORS,
  typeOf,
} from './signatures';
import {
  AggregateExpr,
  BinaryExpr,
  Expr,
  PromqlExecutionError,
  PromqlParseError,
  VectorMatching,
} from './types';

function labelsOf(node: SyntaxNode, context: ParseContext): string[] {
  return childrenOf(node).map(child => {
    if (child.name !== 'LabelName') {
      throw new PromqlExecutionError(
        `the sandbox does not evaluate quoted label names: ${context.text(
          child,
        )}`,
      );
    }
    return context.text(child);
  });
}

/** `sum by (a) (…)`, `topk(3, …)`. */
export function buildAggregate(
  node: SyntaxNode,
  context: ParseContext,
): AggregateExpr {
  const children = childrenOf(node);
  const op = context.text(children[0]).toLowerCase();
  if (!AGGREGATIONS.has(op)) {
    throw new PromqlExecutionError(
      `the sandbox does not evaluate the aggregation ${op}`,
    );
  }
  const modifier = children.find(child => child.name === 'AggregateModifier');
  const body = children.find(child => child.name === 'FunctionCallBody');
  const args = body ? childrenOf(body).map(context.build) : [];
  const wanted = PARAMETER_AGGREGATIONS.has(op) ? 2 : 1;
  if (args.length !== wanted) {
    throw new PromqlParseError(
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
  }
  const expr = args[wanted - 1];
  expectType(expr, 'vector', 'aggregation expression');
  if (wanted === 2) expectType(args[0], 'scalar', 'aggregation parameter');
  const [keyword, labels] = modifier ? childrenOf(modifier) : [];
  return {
    type: 'aggregate',
    op,
    grouping: {
      without: keyword?.name === 'Without',
      labels: labels ? labelsOf(labels, context) : [],
    },
    parameter: wanted === 2 ? args[0] : undefined,
    expr,
  };
}

function buildMatching(
  node: SyntaxNode | undefined,
  context: ParseContext,
): VectorMatching {
  const matching: VectorMatching = { on: false, labels: [] };
  if (!node) return matching;
  let last = '';
  for (const child of childrenOf(node)) {
    if (child.name === 'On') matching.on = true;
    if (child.name === 'GroupLeft' || child.name === 'GroupRight') {
      matching.group = {
        side: child.name === 'GroupLeft' ? 'left' : 'right',
        include: [],
      };
    }
    if (child.name === 'GroupingLabels') {
      const labels = labelsOf(child, context);
      if (last === 'GroupLeft' || last === 'GroupRight') {
        matching.group!.include = labels;
      } else matching.labels = labels;
    }
    last = child.name;
  }
  return matching;
}

/** A binary expression with its matching; operator precedence is the grammar's. */
export function buildBinary(node: SyntaxNode, context: ParseContext): Expr {
  const children = childrenOf(node);
  const left = context.build(children[0]);
  const right = context.build(children[children.length - 1]);
  const middle = children.slice(1, -1);
  const bool = middle.some(child => child.name === 'BoolModifier');
  const clause = middle.find(child => child.name === 'MatchingModifierClause');
  const op = context.text(middle[0]).toLowerCase();
  if (op === 'atan2') {
    throw new PromqlExecutionError('the sandbox does not evaluate atan2');
  }
  const matching = buildMatching(clause, context);
  checkBinary({ op, left, right, bool, matching });
  const binary: BinaryExpr = {
    type: 'binary',
    op,
    left,
    right,
    bool,
    matching,
  };
  const signed =
    children[0].name === 'NumberDurationLiteral' &&
    context.text(children[0]).startsWith('-');
  if (op !== '^' || !signed || left.type !== 'number') return binary;
  // The grammar takes the sign into the number; in PromQL -2 ^ 2 is -(2 ^ 2).
  return {
    type: 'unary',
    op: '-',
    expr: { ...binary, left: { type: 'number', value: -left.value } },
  };
}

function checkBinary(options: {
  op: string;
  left: Expr;
  right: Expr;
  bool: boolean;
  matching: VectorMatching;
}): void {
  const { op, bool, matching } = options;
  const types = [typeOf(options.left), typeOf(options.right)];
  if (types.some(type => type === 'string' || type === 'matrix')) {
    throw new PromqlParseError(
      'binary expression must contain only scalar and instant vector types',
    );
  }
  if (bool && !COMPARISONS.has(op)) {
    throw new PromqlParseError(
      'bool modifier can only be used on comparison operators',
    );
  }
  const scalars = types.filter(type => type === 'scalar').length;
  if (scalars === 2 && COMPARISONS.has(op) && !bool) {
    throw new PromqlParseError(
      'comparisons between scalars must use BOOL modifier',
    );
  }
  if (SET_OPERATORS.has(op)) {
    if (scalars > 0) {
      throw new PromqlParseError(
        `set operator "${op}" not allowed in binary scalar expression`,
      );
    }
    if (matching.group) {
      throw new PromqlParseError(`no grouping allowed for "${op}" operation`);
    }
  }
  if (scalars > 0 && (matching.on || matching.labels.length > 0)) {
    throw new PromqlParseError(
      'vector matching only allowed between instant vectors',
    );
  }
  const both = matching.group?.include.find(
    label => matching.on && matching.labels.includes(label),
  );
  if (both) {
    throw new PromqlParseError(
      `label "${both}" must not occur in ON and GROUP clause at once`,
    );
  }
}
