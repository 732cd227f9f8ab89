import ExpressionCore
import ExpressionLanguage

/// Writes tapes by hand, for tests that must not depend on the parser.
public final class TapeBuilder {
  private var variables: [Variable] = []
  private var nodes: [TypedInput.Node] = []

  public init() {}

  public func variable(
    _ name: String, _ rows: Dim = 1, _ columns: Dim = 1, _ type: StructureType? = nil,
    sign: EntrySign = .any
  ) -> Term {
    let shape = Shape(rows, columns)
    let plain: StructureType =
      shape.isScalar ? .scalar : shape.isVector ? .vector : shape.isRow ? .row : .matrix
    variables.append(Variable(name: name, shape: shape, type: type ?? plain, sign: sign))
    return append(.variable(variables.count - 1), [], [], shape)
  }

  public func number(_ value: Double) -> Term {
    let exact = Int(exactly: value).map { Number($0) } ?? .real(value)
    return append(.number(exact), [], [], .scalar)
  }

  public func dimension(_ value: Dim) -> Term { append(.dimension(value), [], [], .scalar) }

  public func apply(
    _ primitive: Primitive, _ operands: [Term] = [], parameters: [Dim] = [], shape: Shape
  ) -> Term {
    append(.primitive(primitive), operands.map(\.index), parameters, shape)
  }

  public func input(_ result: Term, source: String = "") -> TypedInput {
    let names = Set(nodes.flatMap { $0.shape.rows.names + $0.shape.columns.names }).sorted()
    return TypedInput(
      source: source, variables: variables, nodes: nodes, definitions: [], result: result.index,
      dimensions: names, notes: [])
  }

  private func append(
    _ operation: TypedInput.Operation, _ operands: [Int], _ parameters: [Dim], _ shape: Shape
  ) -> Term {
    nodes.append(TypedInput.Node(operation, operands, parameters: parameters, shape: shape))
    return Term(builder: self, index: nodes.count - 1, shape: shape)
  }
}

/// A node under construction.
public struct Term {
  public let builder: TapeBuilder
  public let index: Int
  public let shape: Shape

  /// An operation that keeps the shape, or has the one given.
  public func apply(_ primitive: Primitive, shape: Shape? = nil, parameters: [Dim] = []) -> Term {
    builder.apply(primitive, [self], parameters: parameters, shape: shape ?? self.shape)
  }

  /// A reduction to a scalar.
  public func reduce(_ primitive: Primitive) -> Term { apply(primitive, shape: .scalar) }

  public var t: Term { apply(.transpose, shape: shape.transposed) }
  public var vec: Term { apply(.vec, shape: Shape(shape.count, 1)) }

  public func spread(_ primitive: Primitive, _ other: Term) -> Term {
    let rows = shape.rows.isOne ? other.shape.rows : shape.rows
    let columns = shape.columns.isOne ? other.shape.columns : shape.columns
    return builder.apply(primitive, [self, other], shape: Shape(rows, columns))
  }

  public func hadamard(_ other: Term) -> Term { spread(.hadamard, other) }

  public func power(_ exponent: Double) -> Term {
    builder.apply(.power, [self, builder.number(exponent)], shape: shape)
  }

  public static func + (a: Term, b: Term) -> Term { a.spread(.add, b) }
  public static func - (a: Term, b: Term) -> Term { a.spread(.subtract, b) }
  public static prefix func - (a: Term) -> Term { a.apply(.negate) }
  public static func * (a: Double, b: Term) -> Term { b.builder.number(a) * b }

  public static func * (a: Term, b: Term) -> Term {
    let shape =
      a.shape.isScalar ? b.shape : b.shape.isScalar ? a.shape : Shape(a.shape.rows, b.shape.columns)
    return a.builder.apply(.multiply, [a, b], shape: shape)
  }

  public static func / (a: Term, b: Term) -> Term {
    a.builder.apply(.divide, [a, b], shape: a.shape)
  }

  public func kron(_ other: Term) -> Term {
    let size = Shape(shape.rows * other.shape.rows, shape.columns * other.shape.columns)
    return builder.apply(.kron, [self, other], shape: size)
  }
}
