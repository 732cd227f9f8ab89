import Emission
import ExpressionCore
import ExpressionLanguage
import Foundation
import Testing

/// An expression and how it is written.
struct NotationCase: Sendable, CustomTestStringConvertible {
  let input: String
  let unicode: String
  let latex: String
  var testDescription: String { input }

  init(_ input: String, _ unicode: String, _ latex: String) {
    self.input = input
    self.unicode = unicode
    self.latex = latex
  }

  static let all = products + functions
}

@Test(arguments: NotationCase.all)
func writesUnicode(_ example: NotationCase) {
  let tree = SmallParser.parse(example.input)
  #expect(UnicodePrinter(scope: testScope).print(tree) == example.unicode)
}

@Test(arguments: NotationCase.all)
func writesLaTeX(_ example: NotationCase) {
  let tree = SmallParser.parse(example.input)
  #expect(LaTeXPrinter(scope: testScope).print(tree) == example.latex)
}

/// Whether every brace and every `\left` has its partner.
func isBalanced(_ latex: String) -> Bool {
  var depth = 0
  for character in latex {
    if character == "{" { depth += 1 }
    if character == "}" { depth -= 1 }
    if depth < 0 { return false }
  }
  let parts = { (text: String) in latex.components(separatedBy: text).count }
  return depth == 0
    && parts("\\left") - parts("\\leftarrow") == parts("\\right") - parts("\\rightarrow")
}

@Test(arguments: Primitive.allCases)
func everyPrimitiveIsWritten(_ primitive: Primitive) {
  let tree = callOf(primitive)
  let latex = LaTeXPrinter().print(tree)
  let unicode = UnicodePrinter().print(tree)
  #expect(!latex.isEmpty && !unicode.isEmpty)
  #expect(isBalanced(latex), "\(latex)")
}

/// A use of the operation with plausible arguments.
func callOf(_ primitive: Primitive) -> Syntax {
  let (a, b) = (Syntax(.name("A")), Syntax(.name("B")))
  let two = Syntax(.number(.two))
  switch primitive {
  case .add: return Syntax(.sum(a, [(false, b)]))
  case .subtract: return Syntax(.sum(a, [(true, b)]))
  case .negate: return Syntax(.negate(a))
  case .multiply: return Syntax(.product(a, [(.times, b)]))
  case .divide: return Syntax(.product(a, [(.divide, two)]))
  case .leftDivide: return Syntax(.product(a, [(.leftDivide, b)]))
  case .hadamard: return Syntax(.product(a, [(.hadamard, b)]))
  case .elementwiseDivide: return Syntax(.product(a, [(.elementwiseDivide, b)]))
  case .power: return Syntax(.power(a, two))
  case .elementwisePower: return Syntax(.elementwisePower(a, two))
  case .transpose: return Syntax(.transpose(a))
  case .blocks: return Syntax(.blocks([[a, b], [b, a]]))
  case .maximum: return Syntax(.call("max", [a]))
  case .minimum: return Syntax(.call("min", [a]))
  case .diagonal: return Syntax(.call("diag", [a]))
  case .max, .min, .dot, .kron, .khatrirao, .solve, .lyapunov, .cross, .conv1d, .conv2d, .dexpm,
    .dlogm, .dsinm, .dcosm:
    return Syntax(.call(primitive.rawValue, [a, b]))
  case .sylvester, .divdiff: return Syntax(.call(primitive.rawValue, [a, b, a]))
  case .polygamma: return Syntax(.call("polygamma", [two, a]))
  case .normp, .leakyrelu, .col, .row: return Syntax(.call(primitive.rawValue, [a, two]))
  case .clip, .entry, .reshape: return Syntax(.call(primitive.rawValue, [a, two, two]))
  case .ones, .zeros, .unit, .commutation:
    return Syntax(.call(primitive.rawValue, [Syntax(.name("m")), two]))
  case .eye, .duplication: return Syntax(.call(primitive.rawValue, [Syntax(.name("n"))]))
  case _: return Syntax(.call(primitive.rawValue, [a]))
  }
}

@Test(arguments: Primitive.allCases)
func everyPrimitiveHasAnIndexForm(_ primitive: Primitive) {
  var tape = Tape()
  let x = tape.variable("X", "n", "n")
  let y = tape.variable("Y", "n", "n")
  let operands = primitive == .unit || primitive == .eye ? [] : [x, y]
  let result = tape.apply(primitive, operands, "n", "n", parameters: [1, 1])
  let notation = IndexNotation(tape.input(result)) { UnicodePrinter().print($0) }
  #expect(!notation.text.isEmpty)
  #expect(isBalanced(notation.latex), "\(notation.latex)")
}

@Test func leftHandSides() {
  let printer = LaTeXPrinter(shapes: ["x": Shape("n", 1), "X": Shape("m", "n")])
  #expect(printer.gradient(by: "x") == #"\nabla_{\mathbf{x}}\, f"#)
  #expect(printer.hessian(by: "X") == #"\nabla^{2}_{\operatorname{vec} \mathbf{X}}\, f"#)
  #expect(
    printer.jacobian(ofShape: Shape("p", 1), by: "x")
      == #"\frac{\partial \mathbf{f}}{\partial \mathbf{x}^{\top}}"#)
  #expect(
    printer.jacobian(ofShape: Shape("p", "q"), by: "X")
      == #"\frac{\partial \operatorname{vec} \mathbf{F}}{\partial \operatorname{vec}(\mathbf{X})^{\top}}"#
  )
  #expect(printer.differential(ofShape: .scalar) == #"\mathrm{d}f"#)
  #expect(printer.dimension(Dim("m") * "n" - 1) == "m n - 1")
}

/// A product of thousands of factors and a chain of calls are written in reasonable time.
@Test func largeTreesAreWritten() {
  let x = Syntax(.name("X"))
  let long = Syntax(.sum(x, Array(repeating: (negative: true, term: x), count: 5000)))
  #expect(LaTeXPrinter().print(long).count > 5000)
  var deep = x
  for _ in 0..<500 { deep = Syntax(.call("exp", [Syntax(.product(x, [(.times, deep)]))])) }
  #expect(isBalanced(LaTeXPrinter().print(deep)))
  #expect(!UnicodePrinter().print(deep).isEmpty)
  var inverses = x
  for _ in 0..<100 {
    inverses = Syntax(
      .call("inv", [Syntax(.transpose(Syntax(.product(x, [(.divide, inverses)]))))]))
  }
  #expect(isBalanced(LaTeXPrinter().print(inverses)))
  #expect(!UnicodePrinter().print(inverses).isEmpty)
}

/// Writes every formula of these tests to a file, for `Scripts/check-latex`, where
/// `FRECHET_LATEX_OUTPUT` names one.
@Test func formulasForTheCompiler() throws {
  guard let path = ProcessInfo.processInfo.environment["FRECHET_LATEX_OUTPUT"] else { return }
  let primitives = Primitive.allCases.map { LaTeXPrinter().print(callOf($0)) }
  let indexed = IndexCase.all.map(\.latex)
  let lines = NotationCase.all.map(\.latex) + primitives + indexed + fixtureFormulas()
  try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
}
