import ExpressionCore

extension Problem {
  /// *Operation: what is wrong, what was got*, without the full stop.
  public var message: String {
    switch self {
    case .invalidUTF8: "the text is not valid UTF-8"
    case .unexpectedCharacter(let c): "unexpected character \(c)"
    case .foreignSpelling(let s): "\(s) is not a spelling of this language"
    case .numberOutOfRange(let s): "\(s): the number is out of range"
    case .expectedExpression(let found): "expected an expression, found \(found)"
    case .missingOperator(let l, let r): "\(l) \(r): an operator is missing between the two"
    case .unclosed(let s): "\(s) is never closed"
    case .unexpectedClosing(let s): "\(s) closes nothing"
    case .misplaced(let s): "\(s) is misplaced"
    case .nestedTooDeeply(let limit): "nested more than \(limit) levels deep"
    case .empty: "the input is empty"
    case .missingResult: "the input has no final expression"
    case .severalResults: "this expression is not used; only the last one is the result"

    case .malformedDeclaration(let s): "\(s): not a declaration"
    case .unknownType(let t): "\(t): no such type"
    case .sizeCount(let type, let expected, let got):
      "\(type.rawValue): takes \(Self.count(expected, "size")), got \(got)"
    case .reservedName(let n): "\(n): the name of a function cannot be a variable"
    case .declaredTwice(let n): "\(n): declared twice"
    case .definedTwice(let n): "\(n): defined twice"
    case .usedBeforeDefinition(let n): "\(n): used before it is defined"
    case .dimensionAndVariable(let n): "\(n): both a dimension and a variable"
    case .redefinedInput(let n): "\(n): a variable of the input cannot be defined anew"
    case .unknownName(let n): "\(n): no such name"
    case .unknownFunction(let n): "\(n): no such function"
    case .notAFunction(let n): "\(n): not a function"
    case .functionWithoutArguments(let n): "\(n): a function needs arguments"

    case .notASizeOfTheInput(let s): "\(s): not a size of the input"
    case .contradictoryAssumption(let s, let others):
      others.isEmpty
        ? "\(s): cannot hold" : "\(s): contradicts \(others.joined(separator: ", "))"

    case .argumentCount(let function, let usage, let got):
      "\(function): takes \(usage), got \(Self.count(got, "argument"))"
    case .notASize(let function, let argument): "\(function): \(argument) is not a size"
    case .badArgument(let function, let requirement, let got):
      "\(function): \(requirement), got \(got)"

    case .cannotMultiply(let s, let l, let r):
      "\(s): cannot multiply \(l) by \(r); \(l.columns) ≠ \(r.rows)"
    case .cannotCombine(let s, let operation, let l, let r):
      "\(s): cannot \(Self.verb(operation, l, r)); \(Self.difference(l, r))"
    case .columnWithRow(let s, let operation, let l, let r):
      "\(s): cannot \(Self.verb(operation, l, r)); a column and a row do not spread over each other"
    case .cannotDivide(let s, let l, let r):
      "\(s): cannot divide \(l) by \(r); a divisor is a scalar or a square matrix"
    case .vectorPower(let s, let base, let shape):
      "\(s): a power needs a scalar or a square matrix; \(base) is \(shape)"
    case .matrixExponent(let s, let shape): "\(s): the exponent must be a scalar, got \(shape)"
    case .notSquare(let s, let shape): "\(s): needs a square matrix, got \(shape)"
    case .notAVector(let s, let argument, let shape):
      "\(s): needs a vector or a row; \(argument) is \(shape)"
    case .notAScalar(let s, let argument, let shape):
      "\(s): needs a scalar; \(argument) is \(shape)"
    case .axisRequired(let s, let shape): "\(s): of a matrix, the axis is required; got \(shape)"
    case .shapesDiffer(let s, let l, let r):
      "\(s): the shapes must agree, got \(l) and \(r); \(Self.difference(l, r))"
    case .wrongShape(let s, let requirement, let shape): "\(s): \(requirement), got \(shape)"
    case .declarationMismatch(let n, let declared, let value):
      "\(n): declared \(declared), but its value is \(value)"
    case .shrinksToScalar(let n): "\(n): an undeclared vector or matrix cannot be 1×1"
    case .sizesDisagree(let s, let a, let b): "\(s): the sizes disagree; \(a) ≠ \(b)"
    case .sizesUnknown(let s, let a, let b):
      "\(s): cannot tell the sizes from \(a) = \(b)"
    case .sizesTooLarge: "a size is too large to be written"

    case .divisionByZero(let s): "\(s): divides by zero"
    case .noDerivative(let s): "\(s): the derivative of this operation is not known"
    }
  }

  private static func count(_ n: Int, _ noun: String) -> String {
    n == 1 ? "1 \(noun)" : n == 0 ? "no \(noun)s" : "\(n) \(noun)s"
  }

  private static func difference(_ l: Shape, _ r: Shape) -> String {
    l.rows != r.rows && !l.rows.isOne && !r.rows.isOne || l.columns == r.columns
      ? "\(l.rows) ≠ \(r.rows)" : "\(l.columns) ≠ \(r.columns)"
  }

  private static func verb(_ operation: Primitive, _ l: Shape, _ r: Shape) -> String {
    if operation == .add { return "add \(l) and \(r)" }
    if operation == .subtract { return "subtract \(r) from \(l)" }
    if operation == .hadamard { return "multiply \(l) by \(r) entry by entry" }
    if operation == .elementwiseDivide { return "divide \(l) by \(r) entry by entry" }
    return "combine \(l) with \(r)"
  }
}
