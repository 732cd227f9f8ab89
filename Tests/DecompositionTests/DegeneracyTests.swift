import Frechet
import Testing

/// Points where there is no derivative: an error that says why, never a number that is none.
@Suite struct DegeneracyTests {
  struct Point: CustomTestStringConvertible, Sendable {
    let input: String
    let declaration: String
    let matrix: Matrix
    let reason: String

    var testDescription: String { "\(input): \(reason)" }
  }

  private static func diagonal(_ values: Double...) -> Matrix {
    Matrix(rows: values.count, columns: values.count) { $0 == $1 ? values[$0] : 0 }
  }

  static let points = [
    Point(
      input: "entry(eigvals(A),1,1)", declaration: "A: symmetric(3)", matrix: diagonal(1, 1, 2),
      reason: "repeated"),
    Point(
      input: "lambdamax(A)", declaration: "A: symmetric(3)", matrix: diagonal(1, 2, 2),
      reason: "repeated"),
    Point(
      input: "sum(eigvecs(A))", declaration: "A: symmetric(3)", matrix: diagonal(1, 1, 2),
      reason: "repeated"),
    Point(
      input: "nucnorm(A)", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "singular value 3 is 0"),
    Point(
      input: "specnorm(A)", declaration: "A: matrix(3,3)", matrix: diagonal(2, 2, 1),
      reason: "repeated"),
    Point(
      input: "sum(svdu(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "singular value 3 is 0"),
    Point(
      input: "sum(chol(A))", declaration: "A: symmetric(3)", matrix: diagonal(2, 1, 0),
      reason: "not positive definite"),
    Point(
      input: "sum(qrr(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "singular"),
    Point(
      input: "sum(luu(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 0, 1),
      reason: "pivot"),
    Point(
      input: "sum(logm(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "logm"),
    Point(
      input: "sum(sqrtm(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: ""),
  ]

  @Test(arguments: points)
  func thereIsNoGradient(point: Point) throws {
    let request = EvaluationRequest(
      point.input, data: ["A": point.matrix], quantities: [.gradient("A")],
      declarations: [point.declaration])
    let error = #expect(throws: FrechetError.self) { try request.answer() }
    #expect(error?.description.contains(point.reason) == true, "\(String(describing: error))")
  }

  /// Sums over the whole spectrum are smooth where single eigenvalues are not.
  @Test(arguments: ["sum(exp(eigvals(A)))", "logdet(expm(A))", "sum(eigvals(A).^2)"])
  func smoothSumsHaveOne(input: String) throws {
    let request = EvaluationRequest(
      input, data: ["A": Self.diagonal(1, 1, 2)], quantities: [.gradient("A")],
      declarations: ["A: symmetric(3)"])
    #expect(throws: Never.self) { try request.answer() }
  }

  @Test(arguments: points)
  func theConditionIsStated(point: Point) throws {
    let report = try Case(point.input, "A", [point.declaration]).report()
    #expect(!report.domain.isEmpty)
  }
}
