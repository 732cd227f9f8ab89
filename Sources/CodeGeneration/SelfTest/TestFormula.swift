import ExpressionCore
import Planning

/// A formula in a test: of names, of results of calls, and of the operations of the language.
indirect enum TestFormula {
  case name(String, Shape)
  /// An output of the program, from the call of a name.
  case result(call: String, place: Int, Shape)
  case number(Number)
  case size(Dim)
  case operation(Primitive, [TestFormula], [Dim], Shape)

  var shape: Shape {
    switch self {
    case .name(_, let shape), .result(_, _, let shape), .operation(_, _, _, let shape): shape
    case .number, .size: .scalar
    }
  }

  static func applied(
    _ primitive: Primitive, _ operands: [TestFormula], _ shape: Shape, _ parameters: Dim...
  ) -> TestFormula {
    .operation(primitive, operands, parameters, shape)
  }

  static func + (a: TestFormula, b: TestFormula) -> TestFormula {
    .applied(.add, [a, b], a.shape.isScalar ? b.shape : a.shape)
  }

  static func - (a: TestFormula, b: TestFormula) -> TestFormula {
    .applied(.subtract, [a, b], a.shape.isScalar ? b.shape : a.shape)
  }

  /// The product; of a scalar with anything, too.
  static func * (a: TestFormula, b: TestFormula) -> TestFormula {
    let shape =
      a.shape.isScalar
      ? b.shape : b.shape.isScalar ? a.shape : Shape(a.shape.rows, b.shape.columns)
    return .applied(.multiply, [a, b], shape)
  }

  /// Over a scalar, or over each entry of something of the same shape or of a column.
  static func / (a: TestFormula, b: TestFormula) -> TestFormula {
    .applied(b.shape.isScalar ? .divide : .elementwiseDivide, [a, b], a.shape)
  }

  var transposed: TestFormula {
    shape.isScalar ? self : .applied(.transpose, [self], shape.transposed)
  }

  /// A function that keeps the shape, such as the symmetric part.
  func mapped(_ primitive: Primitive) -> TestFormula { .applied(primitive, [self], shape) }

  /// The columns, one below the other.
  var vec: TestFormula {
    shape.isVector || shape.isScalar
      ? self : .applied(.vec, [self], Shape(shape.rows * shape.columns, 1))
  }

  var sum: TestFormula { .applied(.sum, [self], .scalar) }

  /// The inner product of two of the same shape.
  func dot(_ other: TestFormula) -> TestFormula {
    shape.isScalar ? self * other : .applied(.dot, [self, other], .scalar)
  }

  func solved(_ b: TestFormula) -> TestFormula { .applied(.solve, [self, b], b.shape) }

  /// The square matrix with only the diagonal of this one.
  var diagonalPart: TestFormula {
    let diagonal = TestFormula.applied(.diagonal, [self], Shape(shape.rows, 1))
    return .applied(.diag, [diagonal], shape)
  }
}

extension Listing {
  /// Formulas as one listing.
  ///
  /// - Parameter result: how the output of a call is written in the language of the test.
  init(_ formulas: [TestFormula], result: @escaping (_ call: String, _ place: Int) -> String) {
    var builder = TestListing(result: result)
    let nodes = formulas.map { builder.add($0) }
    let outputs = nodes.map { Output(role: .value, node: $0, formula: "") }
    self.init(variables: builder.variables, nodes: builder.nodes, outputs: outputs)
  }
}

/// The nodes of formulas; formulas are small.
private struct TestListing {
  let result: (String, Int) -> String
  var variables: [Variable] = []
  var nodes: [Listing.Node] = []
  private var known: [Listing.Node: Int] = [:]

  init(result: @escaping (String, Int) -> String) { self.result = result }

  mutating func add(_ formula: TestFormula) -> Int {
    switch formula {
    case .name(let name, let shape): return add(name, shape)
    case .result(let call, let place, let shape): return add(result(call, place), shape)
    case .number(let value): return add(Listing.Node(operation: .number(value), shape: .scalar))
    case .size(let dim): return add(Listing.Node(operation: .dimension(dim), shape: .scalar))
    case .operation(let primitive, let operands, let parameters, let shape):
      return add(
        Listing.Node(
          operation: .primitive(primitive), operands: operands.map { add($0) },
          parameters: parameters, shape: shape))
    }
  }

  private mutating func add(_ name: String, _ shape: Shape) -> Int {
    let place = variables.firstIndex { $0.name == name } ?? variables.count
    if place == variables.count {
      variables.append(Variable(name: name, shape: shape, type: .matrix))
    }
    return add(Listing.Node(operation: .variable(place), shape: shape))
  }

  private mutating func add(_ node: Listing.Node) -> Int {
    if let place = known[node] { return place }
    known[node] = nodes.count
    nodes.append(node)
    return nodes.count - 1
  }
}
