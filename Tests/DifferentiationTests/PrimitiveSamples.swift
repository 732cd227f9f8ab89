import Frechet
import Testing

/// Inputs that use a primitive, each `declarations | text`, and texts whose shapes are wrong.
struct PrimitiveSamples: Sendable {
  let inputs: [String]
  let refused: [String]

  init(_ inputs: [String], refused: [String] = []) {
    self.inputs = inputs
    self.refused = refused
  }

  /// A function of one argument, entry by entry, at every kind of shape.
  static func elementwise(_ name: String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "x: scalar | \(name)(x)",
        "x: vector(n) | \(name)(x)",
        "x: row(n) | \(name)(x)",
        "X: matrix(m,n) | \(name)(X)",
        "x: vector(n) | \(name)(x/4 + 1/2)",
      ],
      refused: ["X: matrix(m,n) | \(name)(X*X)", "x: vector(n) | \(name)(x,x)"])
  }

  /// A reduction along both axes and of all entries.
  static func reduction(_ name: String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "x: scalar | \(name)(x)",
        "x: vector(n) | \(name)(x)",
        "x: row(n) | \(name)(x)",
        "X: matrix(m,n) | \(name)(X)",
        "X: matrix(m,n) | \(name)(X,1)",
        "X: matrix(m,n) | \(name)(X,2)",
        "x: vector(n) | \(name)(x,1)",
        "x: vector(n) | \(name)(x,2)",
        "A: matrix(m,n); x: vector(n) | \(name)(A.*x',2)",
      ],
      // `max(X,3)` is the elementwise one.
      refused: ["X: matrix(m,n) | \(name)(X,1,1)", "X: matrix(m,n) | \(name)(X*X,1)"])
  }

  /// A norm of a vector, a row, a matrix.
  static func norm(_ name: String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "x: scalar | \(name)(x)", "x: vector(n) | \(name)(x)", "x: row(n) | \(name)(x)",
        "X: matrix(m,n) | \(name)(X)", "A: matrix(m,n); x: vector(n) | \(name)(A*x)",
      ],
      refused: ["X: matrix(m,n) | \(name)(X,X)"])
  }

  /// A function of a square matrix.
  static func square(_ name: String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "X: matrix(n,n) | \(name)(X)", "X: matrix(1,1) | \(name)(X)",
        "X: matrix(n,n); A: matrix(n,n) | \(name)(X + A)",
      ],
      refused: ["X: matrix(m,n) | \(name)(X)", "x: vector(n) | \(name)(x)"])
  }

  /// A function of a positive definite matrix.
  static func definite(_ name: String) -> PrimitiveSamples {
    PrimitiveSamples(
      ["S: spd(n) | \(name)(S)", "X: spd(2); A: spd(2) | \(name)(X + A)"],
      refused: ["X: matrix(m,n) | \(name)(X)", "x: vector(n) | \(name)(x)"])
  }

  /// A matrix function's derivative at a matrix of a type, in a direction.
  static func alongDirection(_ name: String, _ type: String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "X: \(type); E: matrix(n,n) | \(name)(X,E)",
        "X: \(type); x: vector(n) | \(name)(X,x*x')",
      ],
      refused: ["X: matrix(m,n); E: matrix(m,n) | \(name)(X,E)", "X: matrix(n,n) | \(name)(X)"])
  }

  /// A function of any matrix.
  static func matrix(_ name: String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "X: matrix(m,n) | \(name)(X)", "X: matrix(3,3) | \(name)(X)", "X: matrix(4,2) | \(name)(X)",
      ],
      refused: ["X: matrix(m,n) | \(name)(X*X)"])
  }

  /// Entry by entry of two operands, spread over one another.
  static func spreading(_ write: (String, String) -> String) -> PrimitiveSamples {
    PrimitiveSamples(
      [
        "x: scalar; y: scalar | \(write("x", "y"))",
        "x: vector(n); y: vector(n) | \(write("x", "y"))",
        "X: matrix(m,n); Y: matrix(m,n) | \(write("X", "Y"))",
        "X: matrix(m,n); y: vector(m) | \(write("X", "y"))",
        "x: row(n); Y: matrix(m,n) | \(write("x", "Y"))",
        "X: matrix(m,n); y: scalar | \(write("X", "y"))",
        "x: scalar; y: vector(n) | \(write("x", "y"))",
        "X: matrix(m,n) | \(write("1", "X/3"))",
        "X: matrix(m,n); y: vector(m); z: row(n) | \(write("(X + y)", "z"))",
      ],
      refused: [
        "x: vector(n); y: row(n) | \(write("x", "y"))",
        "X: matrix(m,n); Y: matrix(n,m) | \(write("X", "Y"))",
      ])
  }

  /// Inputs without variables.
  static func constant(_ texts: [String], refused: [String] = []) -> PrimitiveSamples {
    PrimitiveSamples(texts.map { "x: vector(n) | \($0)" }, refused: refused)
  }
}

/// One sample, read.
struct Sample: Sendable, CustomTestStringConvertible {
  let primitive: Primitive
  let declarations: [String]
  let text: String

  init(_ primitive: Primitive, _ line: String) {
    self.primitive = primitive
    let parts = line.split(separator: " | ", maxSplits: 1).map(String.init)
    declarations = parts[0].split(separator: ";").map { String($0).trimmed }
    text = parts[parts.count - 1]
  }

  var testDescription: String { declarations.joined(separator: "; ") + " | " + text }

  func typed() throws -> TypedInput {
    try Language.elaborate(text, declarations: declarations)
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

extension Primitive {
  static let samples: [Sample] = allCases.flatMap { primitive in
    primitive.samples.inputs.map { Sample(primitive, $0) }
  }
  static let refusals: [Sample] = allCases.flatMap { primitive in
    primitive.samples.refused.map { Sample(primitive, $0) }
  }

  var hasDerivative: Bool {
    if case .undefined = rule.derivative { false } else { true }
  }
}
