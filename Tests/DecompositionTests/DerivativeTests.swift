import Frechet
import Testing

/// Decompositions, matrix functions, matrix equations and convolutions, alone and composed.
@Suite struct DerivativeTests {
  @Test(arguments: Case.compositions)
  func theDerivativeIsRight(example: Case) throws {
    let report = try example.report()
    #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
  }

  @Test(arguments: Case.compositions)
  func theDifferentialIsRight(example: Case) throws {
    let report = try example.report(form: .differential)
    #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
  }

  @Test(arguments: Case.secondOrder)
  func theHessianIsRight(example: Case) throws {
    let report = try example.report()
    #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
  }

  /// Spectral sums, traces and determinants come out in closed form.
  @Test(arguments: Case.known)
  func theAnswerIsShort(example: Case) throws {
    let report = try example.report()
    #expect(report.derivative.inputText == example.answer)
    #expect(report.verification?.passed == true)
  }
}

extension Case {
  static let known: [Case] = [
    Case("tr(expm(X))", "X", ["X: matrix(n,n)"], is: "expm(X)'"),
    Case("tr(sinm(X))", "X", ["X: matrix(n,n)"], is: "cosm(X)'"),
    Case("tr(logm(S))", "S", ["S: spd(n)"], is: "inv(S)"),
    Case("tr(sqrtm(S))", "S", ["S: spd(n)"], is: "inv(sqrtm(S))/2"),
    Case("tr(S^p)", "S", ["S: spd(n)", "p: scalar"], is: "p*S^(p - 1)"),
    Case("logdet(expm(X))", "X", ["X: matrix(n,n)"], is: "eye(n)"),
    Case("sum(log(eigvals(S)))", "S", ["S: spd(n)"], is: "inv(S)"),
    Case("sum(exp(eigvals(S)))", "S", ["S: symmetric(n)"], is: "expm(S)"),
    Case("sum(eigvals(S))", "S", ["S: symmetric(n)"], is: "eye(n)"),
    Case("2*sum(log(diag(chol(S))))", "S", ["S: spd(n)"], is: "inv(S)"),
    Case("prod(eigvals(S))", "S", ["S: symmetric(n)"], is: "adj(S)"),
    Case("w'*eigvals(A)", "A", ["A: matrix(n,n)"], is: "eigvecs(A)*diag(w)*eigvecs(A)'"),
    Case("lambdamax(S)", "S", ["S: symmetric(n)"], is: "s = col(eigvecs(S),n); s*s'"),
    Case("sum(svdvals(A))", "A", ["A: matrix(m,n)"], is: "svdu(A)*svdv(A)'"),
    Case("sum(log(svdvals(A)))", "A", ["A: matrix(m,n)"], is: "pinv(A)'"),
    Case("specnorm(A)", "A", ["A: matrix(m,n)"], is: "col(svdu(A),1)*col(svdv(A),1)'"),
    Case("det(luu(A))", "A", ["A: matrix(n,n)"], is: "cof(A)"),
    Case("tr(qrr(A)'*qrr(A))", "A", ["A: matrix(m,n)"], is: "2*A"),
    Case("sum(G.*conv2d(X,W))", "W", ["X: matrix(6,5)", "W: matrix(2,3)"], is: "conv2d(X,G)"),
    Case("sum(G.*im2col(X,2,2))", "X", ["X: matrix(4,5)"], is: "col2im(G,4,5,2,2)"),
  ]
}
