import Evaluation
import Foundation
import Frechet
import Testing

@testable import Compilation

/// Values at inputs where exp, squares or determinants overflow or vanish, with their limits.
struct ExtremeValue: Sendable, CustomTestStringConvertible {
  let text: String
  let x: [Double]
  let value: Double
  /// nil where it is not looked at.
  var gradient: [Double]?
  var testDescription: String { "\(text) at \(x)" }

  private static let ln2 = 0.6931471805599453
  private static let (large, tiny) = (1e308, Double.leastNonzeroMagnitude)

  /// log(1 + exp(x)) and its kin, and their derivatives, in any spelling.
  private static let softplus: [ExtremeValue] = [
    "sum(softplus(x))", "sum(log(1 + exp(x)))", "sum(log1p(exp(x)))", "sum(log(exp(x) + 1))",
    "-sum(log(1 - sigmoid(x)))", "-sum(log(sigmoid(-x)))", "-sum(log(1./(1 + exp(x))))",
  ].flatMap { text in
    [
      ExtremeValue(text: text, x: [1e3, -1e3], value: 1e3, gradient: [1, 0]),
      ExtremeValue(text: text, x: [large, -large], value: large, gradient: [1, 0]),
      ExtremeValue(text: text, x: [tiny, -tiny], value: 2 * ln2, gradient: [0.5, 0.5]),
    ]
  }

  private static let logSumExp: [ExtremeValue] = [
    "logsumexp(x)", "log(sum(exp(x)))", "log(ones(1,n)*exp(x))",
  ].flatMap { text in
    [
      ExtremeValue(text: text, x: [1e3, -1e3], value: 1e3, gradient: [1, 0]),
      ExtremeValue(text: text, x: [-1e3, -1e3], value: ln2 - 1e3, gradient: [0.5, 0.5]),
      ExtremeValue(text: text, x: [large, large], value: large, gradient: [0.5, 0.5]),
      ExtremeValue(text: text, x: [-large, -large], value: -large, gradient: [0.5, 0.5]),
      ExtremeValue(text: text, x: [tiny, 0], value: ln2, gradient: [0.5, 0.5]),
    ]
  }

  static let all =
    softplus + logSumExp + [
      ExtremeValue(text: "sum(sigmoid(x))", x: [1e3, -1e3], value: 1, gradient: [0, 0]),
      ExtremeValue(text: "sum(sigmoid(x))", x: [large, tiny], value: 1.5, gradient: [0, 0.25]),
      ExtremeValue(text: "sum(1./(1 + exp(-x)))", x: [1e3, -1e3], value: 1),
      ExtremeValue(text: "sum(tanh(x))", x: [large, -1e3], value: 0, gradient: [0, 0]),
      ExtremeValue(text: "entry(softmax(x),1,1)", x: [large, -large], value: 1, gradient: [0, 0]),
      ExtremeValue(text: "entry(logsoftmax(x),2,1)", x: [1e3, -1e3], value: -2e3),
      ExtremeValue(text: "entry(log(softmax(x)),2,1)", x: [1e3, -1e3], value: -2e3),
      ExtremeValue(text: "sum(log1p(x))", x: [tiny, 0], value: tiny, gradient: [1, 1]),
      ExtremeValue(text: "sum(log(1 + x))", x: [1e-300, 0], value: 1e-300, gradient: [1, 1]),
      ExtremeValue(text: "sum(log1p(x))", x: [large, 0], value: 709.1962086421661),
      ExtremeValue(text: "sum(log(x))", x: [tiny, 1], value: -744.4400719213812),
      ExtremeValue(text: "sum(expm1(x))", x: [tiny, 0], value: tiny),
      ExtremeValue(text: "norm2(x)", x: [3e307, 4e307], value: 5e307, gradient: [0.6, 0.8]),
      ExtremeValue(text: "norm2(x)", x: [3 * tiny, 4 * tiny], value: 5 * tiny),
    ]
}

@Suite("Extreme values")
struct ExtremeValueTests {
  @Test("nothing overflows on the way", arguments: ExtremeValue.all)
  func limits(row: ExtremeValue) throws {
    let request = CompilationRequest(
      row.text, tasks: [.value, .gradient("x")], sizes: ["n": 2], declarations: ["x: vector(n)"])
    let results = try request.answer().program(["x": Matrix(column: row.x)])
    func agrees(_ a: Double, _ b: Double) -> Bool {
      a == b || (a - b).magnitude <= 4 * b.magnitude.ulp
    }
    #expect(agrees(results[0][0], row.value), "\(results[0][0]) instead of \(row.value)")
    guard let gradient = row.gradient else { return }
    #expect(zip(results[1].values, gradient).allSatisfy(agrees), "\(results[1])")
  }

  private static func random(_ n: Int) -> Matrix {
    var generator = SplitMix64(seed: 5)
    return Matrix(rows: n, columns: n) { _, _ in generator.normal() }
  }

  /// det overflows, or vanishes, long before n is 500.
  @Test("log(det(X)) is that of a determinant that is no number", arguments: [1e-3, 1, 1e3, 1e300])
  func determinants(scale: Double) throws {
    let n = 500
    let x = Self.random(n)
    let factorization = try LUFactorization(x)
    let expected = factorization.logAbsDeterminant + Double(n) * Foundation.log(scale)
    // A row with the other sign makes the determinant positive, or negative.
    let sign = factorization.determinantSign
    for isPositive in [true, false] {
      let factor = isPositive ? sign : -sign
      let scaled = Matrix(rows: n, columns: n) { i, j in
        x[i, j] * scale * (i == 0 ? factor : 1)
      }
      let report = try EvaluationRequest(
        "log(det(X))", data: ["X": scaled], quantities: [.gradient("X")]
      ).answer()
      let value = report.value[0]
      let program = try CompilationRequest(
        "log(det(X))", tasks: [.value, .gradient("X")], sizes: ["n": n]
      ).answer().program
      let results = try program(["X": scaled])
      if isPositive {
        #expect((value - expected).magnitude < 1e-9 * expected.magnitude)
        #expect((results[0][0] - expected).magnitude < 1e-9 * expected.magnitude)
        #expect(report.notes.isEmpty, "\(report.notes)")
      } else {
        #expect(value.isNaN && results[0][0].isNaN)
        #expect(report.notes == ["log(det(X)): the value is not a number"])
      }
      #expect(results[1].allFinite && report.entries[0].matrix.allFinite)
    }
  }

  /// The logarithm of a determinant is not that of its size.
  @Test(
    "the value is the author's, also where the derivative is shared",
    arguments: [
      ("log(det(X))", Double.nan), ("logdet(X)", 0.6931471805599453),
      ("logdet(X) + log(det(X))", .nan), ("log(det(X))*logdet(X)", .nan),
      ("2*logdet(X) - 2*log(det(X))", .nan), ("logdet(X)^2", 0.4804530139182014),
      ("log(det(X))^2", .nan), ("log(abs(det(X)))", 0.6931471805599453),
    ])
  func domains(text: String, value: Double) throws {
    let x = try #require(Matrix(rows: [[1, 2], [3, 4]]))
    let report = try EvaluationRequest(text, data: ["X": x], quantities: [.gradient("X")]).answer()
    let program = try CompilationRequest(
      text, tasks: [.value, .gradient("X")], sizes: ["n": 2]
    ).answer().program
    for result in [report.value[0], try program(["X": x])[0][0]] {
      #expect(value.isNaN ? result.isNaN : (result - value).magnitude < 1e-14, "\(result)")
    }
    #expect(report.entries[0].matrix.allFinite)
  }
}
