import ExpressionCore
import Planning

/// A language that programs are written in.
public enum TargetName: String, CaseIterable, Sendable {
  case numpy, jax, torch, swift, julia, matlab, eigen, stablehlo
}

/// An operation that a target has no counterpart for.
public struct UnsupportedOperation: Error, Hashable, Sendable, CustomStringConvertible {
  public let target: TargetName
  public let operation: String
  public let hint: String

  public var description: String { "--emit \(target.rawValue): \(operation): \(hint)" }
}

/// How the operations of a listing are written in one language.
protocol ExpressionWriter: Sendable {
  var target: TargetName { get }

  /// Whether definite matrices are factored in their own way.
  var hasCholesky: Bool { get }

  /// Whether the operands must be names: where they are mentioned twice, or indexed.
  func namesOperands(of primitive: Primitive) -> Bool

  /// The parts of a decomposition of the first operand, as several values at once; nil where the
  /// language has each part alone.
  func decomposition(
    _ kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression?

  /// The expression of a node, given those of its operands.
  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression
}

extension ExpressionWriter {
  var hasCholesky: Bool { true }

  func decomposition(
    _ kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression? { nil }
}

/// A node with the texts of its operands.
struct WrittenNode {
  let operation: Listing.Node
  var operands: [CodeExpression]
  let shapes: [Shape]
  let numbers: [Number?]
  let facts: [Facts]

  var shape: Shape { operation.shape }

  /// The triangle that the first operand is, where it is one.
  var triangle: Triangle? {
    facts[0].contains(.lower) ? .lower : facts[0].contains(.upper) ? .upper : nil
  }
  var parameters: [Dim] { operation.parameters }
}

/// Where a triangular matrix has entries.
enum Triangle { case lower, upper }

/// What the expressions of a program use besides the language itself, in the order of first use.
struct Needs {
  private var imports: [String] = []
  private var names: [String: [String]] = [:]
  private(set) var helpers: [Helper] = []

  /// A line such as `import scipy.linalg`.
  mutating func use(_ line: String) {
    if !imports.contains(line) { imports.append(line) }
  }

  /// A name of a module: `from scipy.special import expit`.
  mutating func use(_ name: String, from module: String) {
    if !names[module, default: []].contains(name) { names[module, default: []].append(name) }
  }

  /// Whole modules first, then names by module, in alphabetical order.
  var importLines: [String] {
    imports.sorted()
      + names.keys.sorted().map { module in
        "from \(module) import \((names[module] ?? []).sorted().joined(separator: ", "))"
      }
  }

  /// A helper comes after those that it calls.
  mutating func use(_ helper: Helper) {
    for line in helper.imports { use(line) }
    for other in helper.calls { use(other) }
    if !helpers.contains(helper) { helpers.append(helper) }
  }

  mutating func formUnion(_ other: Needs) {
    other.imports.forEach { use($0) }
    for (module, names) in other.names { for name in names { use(name, from: module) } }
    other.helpers.forEach { use($0) }
  }
}

/// A function that the generated program carries with it.
struct Helper: Hashable, Sendable {
  let name: String
  let source: String
  /// The helpers that it calls.
  var calls: [Helper] = []
  /// Lines such as `import math`.
  var imports: [String] = []
}
