import ExpressionCore
import Testing

@testable import ExpressionLanguage

@Suite struct PrinterTests {
  /// Read and printed again, in the style of the house.
  @Test(
    arguments: [
      ("x'*A*x", "x'*A*x"), ("( x )", "x"), ("a+b -c", "a + b - c"), ("2x2", nil),
      ("-x^2", "-x^2"), ("(-x)^2", "(-x)^2"), ("x^2'", "(x^2)'"), ("2^-1", "2^-1"),
      ("a^b^c", "(a^b)^c"), ("a^(b^c)", "a^(b^c)"), ("-(a+b)*c", "-(a + b)*c"),
      ("-a*b", "-a*b"), ("(-a)*b", "(-a)*b"), ("a*-b", "a*(-b)"), ("a - -b", "a - (-b)"),
      ("a-(b-c)", "a - (b - c)"), ("a*(b*c)", "a*(b*c)"), ("a/b/c", "a/b/c"),
      ("a/(b*c)", "a/(b*c)"), ("A\\B*C", "A\\B*C"), ("A ⊗ B", "A ⊗ B"), ("x⊙y⊘z", "x.*y./z"),
      ("Xᵀ*X⁻¹", "X'*X^-1"), ("X⁻ᵀ", "(X^-1)'"), ("A²·x − 1", "A^2*x - 1"),
      ("kron(eye(n), A)", "kron(eye(n),A)"), ("[1,0;2,-1]", "[1, 0; 2, -1]"),
      ("[1, 2\n3, 4]", "[1, 2; 3, 4]"), ("2.*x", "2.*x"), ("2.5.*x", "2.5.*x"), (".5*x", "0.5*x"),
      ("8198552921648689608", "8.198552921648689e+18"),
      ("8.198552921648689e+18", "8.198552921648689e+18"), ("1e-3", "0.001"), ("1e300", "1e+300"),
      ("1E5", "100000"), ("A.'", "A'"), ("x''", "x''"),
      ("+x", "x"), ("x # the end", "x"), ("f(x,-1)", "f(x,-1)"), ("x^(1/2)", "x^(1/2)"),
      ("x.^(-n)", "x.^(-n)"), ("x.^-2", "x.^-2"), ("sum(\n  x,\n  1)", "sum(x,1)"),
      ("a +\n b", "a + b"), ("(x')'", "x''"), ("(A*B)'", "(A*B)'"), ("--x", "-(-x)"),
    ] as [(String, String?)])
  func prints(_ input: String, _ expected: String?) throws {
    guard let expected else {
      #expect(throws: Diagnostics.self) { try ParsedInput(input) }
      return
    }
    #expect(try ParsedInput(input).result?.description == expected)
  }

  /// parse(print(tree)) is the tree, up to the spelling of negative and fractional numbers.
  @Test(arguments: 0..<20)
  func randomTreesAreReadBack(_ batch: UInt64) throws {
    for seed in batch * 100..<(batch + 1) * 100 {
      var random = SplitMix(state: seed)
      let tree = Self.tree(depth: 4, &random)
      let text = tree.description
      let read = try #require(try ParsedInput(text).result)
      #expect(Self.shown(read) == Self.shown(tree), "\(text)")
      #expect(read.description == text)
    }
  }

  private static func tree(depth: Int, _ random: inout SplitMix) -> Syntax {
    let numbers: [Number] = [
      .zero, .one, .half, Number(-3), Number(2, over: 3), Number(-1, over: 7), Number(7, over: 40),
      .real(1e-30), .real(-2.5e40), .real(0.1),
    ]
    let kind: Syntax.Kind
    switch depth == 0
      ? Int.random(in: 0..<2, using: &random) : Int.random(in: 0..<11, using: &random)
    {
    case 0: kind = .number(numbers.randomElement(using: &random) ?? .one)
    case 1: kind = .name(["x", "A", "mu", "λ", "W1", "x_0"].randomElement(using: &random) ?? "x")
    case 2: kind = .negate(tree(depth: depth - 1, &random))
    case 3: kind = .transpose(tree(depth: depth - 1, &random))
    case 4, 5:
      let rest = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (negative: Bool.random(using: &random), term: tree(depth: depth - 1, &random))
      }
      kind = .sum(tree(depth: depth - 1, &random), rest)
    case 6, 7:
      let rest = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (
          operation: Syntax.Multiplication.allCases.randomElement(using: &random) ?? .times,
          factor: tree(depth: depth - 1, &random)
        )
      }
      kind = .product(tree(depth: depth - 1, &random), rest)
    case 8: kind = .power(tree(depth: depth - 1, &random), tree(depth: depth - 1, &random))
    case 9:
      kind = .elementwisePower(tree(depth: depth - 1, &random), tree(depth: depth - 1, &random))
    default:
      let (a, b) = (tree(depth: depth - 1, &random), tree(depth: depth - 1, &random))
      kind = Bool.random(using: &random) ? .call("f", [a, b]) : .blocks([[a, b], [b, a]])
    }
    return Syntax(kind)
  }

  /// The structure, with every bracket written.
  private static func shown(_ tree: Syntax) -> String {
    switch tree.kind {
    case .number(let number):
      let magnitude = NumberText.magnitude(number)
      let parts = magnitude.split(separator: "/").map(String.init)
      let text = parts.count == 2 ? "(\(parts[0]) / \(parts[1]))" : magnitude
      return number.isNegative ? "neg\(text)" : text
    case .name(let name): return name
    case .negate(let x): return "neg\(shown(x))"
    case .transpose(let x): return "\(shown(x))'"
    case .sum(let first, let rest):
      return "(" + shown(first)
        + rest.map { ($0.negative ? " - " : " + ") + shown($0.term) }.joined() + ")"
    case .product(let first, let rest):
      if case .number(let number) = first.kind, number.isNegative,
        !NumberText.magnitude(number).contains("/")
      {
        return "neg" + shown(Syntax(.product(Syntax(.number(number.magnitude)), rest)))
      }
      return "(" + shown(first)
        + rest.map { " \($0.operation.rawValue) " + shown($0.factor) }.joined() + ")"
    case .power(let x, let y): return "(\(shown(x)) ^ \(shown(y)))"
    case .elementwisePower(let x, let y): return "(\(shown(x)) .^ \(shown(y)))"
    case .call(let name, let arguments):
      return "\(name)<\(arguments.map(shown).joined(separator: ","))>"
    case .blocks(let rows):
      return "[\(rows.map { $0.map(shown).joined(separator: ",") }.joined(separator: ";"))]"
    }
  }
}
