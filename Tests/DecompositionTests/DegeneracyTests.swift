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
      reason: "the values 1 and 2 are repeated; their gap is 0.0, the tolerance"),
    Point(
      input: "[1, 2, 4]*eigvals(A)", declaration: "A: symmetric(3)", matrix: diagonal(1, 1, 2),
      reason: "the values 1 and 2 are repeated; their gap is 0.0, the tolerance"),
    Point(
      input: "lambdamax(A)", declaration: "A: symmetric(3)", matrix: diagonal(1, 2, 2),
      reason: "the values 2 and 3 are repeated"),
    Point(
      input: "lambdamin(A)", declaration: "A: symmetric(3)", matrix: diagonal(1, 1, 2),
      reason: "the values 1 and 2 are repeated"),
    Point(
      input: "sum(eigvecs(A))", declaration: "A: symmetric(3)", matrix: diagonal(1, 1, 2),
      reason: "repeated"),
    Point(
      input: "nucnorm(A)", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "singular value 3 is 0; it is 0.0, the tolerance"),
    Point(
      input: "specnorm(A)", declaration: "A: matrix(3,3)", matrix: diagonal(2, 2, 1),
      reason: "repeated"),
    Point(
      input: "[1, 2, 4]*svdvals(A)", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 1),
      reason: "the values 2 and 3 are repeated"),
    Point(
      input: "sum(svdu(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "singular value 3 is 0"),
    Point(
      input: "sum(svdv(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 2, 1),
      reason: "the values 1 and 2 are repeated"),
    Point(
      input: "sum(pinv(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "the rank is 2, not 3"),
    Point(
      input: "sum(pinv(A'))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 0, 0),
      reason: "the rank is 1, not 3"),
    Point(
      input: "sum(chol(A))", declaration: "A: symmetric(3)", matrix: diagonal(2, 1, 0),
      reason: "not positive definite; pivot 3 is 0.0"),
    Point(
      input: "sum(qrr(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "column 3 depends on those before it"),
    Point(
      input: "sum(qrq(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "column 3 depends on those before it"),
    Point(
      input: "sum(luu(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 0, 1),
      reason: "pivot 2 is 0"),
    Point(
      input: "sum(lul(A))", declaration: "A: matrix(3,3)", matrix: diagonal(0, 2, 1),
      reason: "pivot 1 is 0"),
    Point(
      input: "sum(logm(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "logm has no real value here"),
    Point(
      input: "sum(logm(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, -1, 1),
      reason: "an eigenvalue is -1.0"),
    Point(
      input: "sum(sqrtm(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "the equation has no unique solution"),
    Point(
      input: "sum(sqrtm(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, -1),
      reason: "sqrtm has no real value here"),
    Point(
      input: "sum(lyapunov(A,eye(3)))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, -1),
      reason: "the equation has no unique solution"),
    Point(
      input: "sum(inv(A))", declaration: "A: matrix(3,3)", matrix: diagonal(2, 1, 0),
      reason: "the matrix is singular; pivot 3"),
  ]

  @Test(arguments: points)
  func thereIsNoGradient(point: Point) throws {
    let request = EvaluationRequest(
      point.input, data: ["A": point.matrix], quantities: [.gradient("A")],
      declarations: [point.declaration])
    let error = #expect(throws: FrechetError.self) { try request.answer() }
    #expect(error?.description.contains(point.reason) == true, "\(String(describing: error))")
  }

  /// Functions of the matrix are smooth where single eigenvalues and vectors are not, and so are
  /// their gradients.
  @Test(
    arguments: [
      "sum(exp(eigvals(A)))", "logdet(expm(A))", "sum(eigvals(A).^2)", "sum(tanh(eigvals(A)))",
      "logsumexp(eigvals(A))", "sum(sqrt(1 + eigvals(A).^2))", "nucnorm(A)",
      "sum(svdvals(A).^(3/2))", "sum(log(1 + svdvals(A)))",
      "tr([1, 2, 0; 2, 5, 1; 0, 1, 3]*eigvecs(A)*diag(sigmoid(eigvals(A)))*eigvecs(A)')",
    ], [diagonal(1, 1, 2), diagonal(1, 1 + 1e-15, 2), diagonal(2, 2, 2)])
  func functionsOfTheMatrixHaveOne(input: String, point: Matrix) throws {
    let request = EvaluationRequest(
      input, data: ["A": point], quantities: [.gradient("A")], declarations: ["A: symmetric(3)"])
    let gradient = try #require(try request.answer().entries.first).matrix
    let report = try Case(input, "A", ["A: symmetric(3)"]).report()
    #expect(!report.domain.contains { $0.contains("distinct") || $0.contains("simple") })
    // Against difference quotients, along a direction that mixes the repeated eigenvectors.
    let direction = Matrix(rows: 3, columns: 3) {
      1 + 0.3 * Double($0 * $1) - 0.5 * Double($0 + $1)
    }
    let step = 1e-5
    var value: [Double] = []
    for sign in [1.0, -1.0] {
      let moved = Matrix(rows: 3, columns: 3) {
        point[$0, $1] + sign * step * direction[$0, $1]
      }
      var shifted = request
      shifted.data["A"] = moved
      shifted.quantities = []
      value.append(try shifted.answer().value[0, 0])
    }
    let slope = (value[0] - value[1]) / (2 * step)
    let expected = zip(gradient.values, direction.values).reduce(0) { $0 + $1.0 * $1.1 }
    #expect((slope - expected).magnitude < 1e-7 * (1 + expected.magnitude))
  }

  /// Only the value that is taken must be simple.
  @Test(arguments: [
    ("lambdamax(A)", diagonal(1, 1, 2)), ("lambdamin(A)", diagonal(1, 2, 2)),
    ("specnorm(A)", diagonal(2, 1, 1)), ("entry(eigvals(A),2,1)", diagonal(1, 2, 3)),
  ])
  func simpleValuesHaveAHessian(input: String, point: Matrix) throws {
    for quantity in [EvaluationRequest.Quantity.gradient("A"), .hessian("A")] {
      let request = EvaluationRequest(
        input, data: ["A": point], quantities: [quantity], declarations: ["A: symmetric(3)"])
      let matrix = try #require(try request.answer().entries.first).matrix
      #expect(matrix.values.allSatisfy { $0.isFinite && $0.magnitude < 10 })
    }
  }

  @Test(arguments: points)
  func theConditionIsStated(point: Point) throws {
    let report = try Case(point.input, "A", [point.declaration]).report()
    #expect(!report.domain.isEmpty)
  }
}
