import ExpressionCore

/// What can be wrong with an input, with the data that a program needs to react to it.
public enum Problem: Hashable, Sendable {
  // MARK: Reading
  case invalidUTF8
  case unexpectedCharacter(String)
  /// A spelling of another language (`X.T`, `**`, `\top`).
  case foreignSpelling(String)
  case numberOutOfRange(String)
  case expectedExpression(found: String)
  case missingOperator(left: String, right: String)
  case unclosed(String)
  case unexpectedClosing(String)
  case misplaced(String)
  case nestedTooDeeply(limit: Int)
  case empty
  case missingResult
  case severalResults

  // MARK: Declarations and names
  case malformedDeclaration(String)
  case unknownType(String)
  case sizeCount(type: StructureType, expected: Int, got: Int)
  case reservedName(String)
  case declaredTwice(String)
  case definedTwice(String)
  case usedBeforeDefinition(String)
  case dimensionAndVariable(String)
  case redefinedInput(String)
  case unknownName(String)
  case unknownFunction(String)
  case notAFunction(String)
  case functionWithoutArguments(String)

  case notASizeOfTheInput(String)
  case contradictoryAssumption(String, others: [String])

  // MARK: Arguments
  case argumentCount(function: String, usage: String, got: Int)
  case notASize(function: String, argument: String)
  case badArgument(function: String, requirement: String, got: String)

  // MARK: Shapes
  case cannotMultiply(String, left: Shape, right: Shape)
  case cannotCombine(String, operation: Primitive, left: Shape, right: Shape)
  case columnWithRow(String, operation: Primitive, left: Shape, right: Shape)
  case cannotDivide(String, left: Shape, right: Shape)
  case vectorPower(String, base: String, shape: Shape)
  case matrixExponent(String, shape: Shape)
  case notSquare(String, shape: Shape)
  case notAVector(String, argument: String, shape: Shape)
  case notAScalar(String, argument: String, shape: Shape)
  case axisRequired(String, shape: Shape)
  case shapesDiffer(String, left: Shape, right: Shape)
  case wrongShape(String, requirement: String, shape: Shape)
  case declarationMismatch(String, declared: Shape, value: Shape)
  case shrinksToScalar(String)
  case sizesDisagree(String, Dim, Dim)
  case sizesUnknown(String, Dim, Dim)
  case sizesTooLarge

  // MARK: Deriving
  case divisionByZero(String)
  case noDerivative(String)
}
