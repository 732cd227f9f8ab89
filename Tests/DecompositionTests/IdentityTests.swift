import Frechet
import Testing

/// Products of the factors of a decomposition, and what is known of the factors.
@Suite struct IdentityTests {
  @Test(arguments: Identity.all)
  func bothSidesAreOneExpression(identity: Identity) throws {
    let left = try Language.elaborate(identity.left, declarations: identity.declarations)
    let right = try Language.elaborate(identity.right, in: left)
    let graph = Graph()
    let a = Lowering(left, into: graph)
    let names = Dictionary(
      zip(left.variables.map(\.name), a.variables), uniquingKeysWith: { first, _ in first })
    let b = Lowering(right, into: graph)
    var known: [Expr: Expr] = [:]
    for (variable, symbol) in zip(right.variables, b.variables) {
      known[symbol] = names[variable.name]
    }
    #expect(graph.replacing(known, in: b.result) == a.result)
  }
}

struct Identity: CustomTestStringConvertible, Sendable {
  let left: String
  let right: String
  let declarations: [String]

  init(_ left: String, _ right: String, _ declarations: String...) {
    self.left = left
    self.right = right
    self.declarations = declarations
  }

  var testDescription: String { "\(left) = \(right)" }

  static let all = [
    Identity("chol(S)*chol(S)'", "S", "S: spd(n)"),
    Identity("inv(chol(S))'*inv(chol(S))", "inv(S)", "S: spd(n)"),
    Identity("logdet(chol(S))", "logdet(S)/2", "S: spd(n)"),
    Identity("chol(A)", "chol(sym(A))", "A: matrix(n,n)"),
    Identity("tril(chol(S))", "chol(S)", "S: spd(n)"),
    Identity("qrq(A)*qrr(A)", "A", "A: matrix(m,n)"),
    Identity("qrq(A)'*qrq(A)", "eye(n)", "A: matrix(m,n)"),
    Identity("qrq(A)'*A", "qrr(A)", "A: matrix(m,n)"),
    Identity("qrr(A)'*qrr(A)", "A'*A", "A: matrix(m,n)"),
    Identity("triu(qrr(A))", "qrr(A)", "A: matrix(m,n)"),
    Identity("lul(A)*luu(A)", "A", "A: matrix(n,n)"),
    Identity("inv(luu(A))*inv(lul(A))", "inv(A)", "A: matrix(n,n)"),
    Identity("det(lul(A))", "1", "A: matrix(n,n)"),
    Identity("eigvecs(S)'*eigvecs(S)", "eye(n)", "S: symmetric(n)"),
    Identity("eigvecs(S)*eigvecs(S)'", "eye(n)", "S: symmetric(n)"),
    Identity("eigvecs(S)*diag(eigvals(S))*eigvecs(S)'", "S", "S: symmetric(n)"),
    Identity("eigvecs(S)'*S*eigvecs(S)", "diag(eigvals(S))", "S: symmetric(n)"),
    Identity("eigvals(A)", "eigvals(sym(A))", "A: matrix(n,n)"),
    Identity("prod(eigvals(S))", "det(S)", "S: symmetric(n)"),
    Identity("abs(eigvals(S))", "eigvals(S)", "S: psd(n)"),
    Identity("svdu(A)*diag(svdvals(A))*svdv(A)'", "A", "A: matrix(m,n)"),
    Identity("svdv(A)*diag(1./svdvals(A))*svdu(A)'", "pinv(A)", "A: matrix(m,n)"),
    Identity("svdu(A)'*A*svdv(A)", "diag(svdvals(A))", "A: matrix(m,n)"),
    Identity("svdu(A)'*svdu(A)", "eye(n)", "A: matrix(m,n)"),
    Identity("abs(svdvals(A))", "svdvals(A)", "A: matrix(m,n)"),
    Identity("sum(svdvals(A))", "nucnorm(A)", "A: matrix(m,n)"),
    Identity("svdvals(qrq(A))", "ones(n,1)", "A: matrix(m,n)"),
    Identity("nucnorm(qrq(A))", "n", "A: matrix(m,n)"),
    Identity("A*pinv(A)*A", "A", "A: matrix(m,n)"),
    Identity("pinv(A)*A*pinv(A)", "pinv(A)", "A: matrix(m,n)"),
    Identity("(A*pinv(A))'", "A*pinv(A)", "A: matrix(m,n)"),
    Identity("(pinv(A)*A)'", "pinv(A)*A", "A: matrix(m,n)"),
    Identity("A'*A*pinv(A)", "A'", "A: matrix(m,n)"),
    Identity("pinv(A)*A*A'", "A'", "A: matrix(m,n)"),
    Identity("pinv(pinv(A))", "A", "A: matrix(m,n)"),
    Identity("expm(X)*expm(-X)", "eye(n)", "X: matrix(n,n)"),
    Identity("inv(expm(X))", "expm(-X)", "X: matrix(n,n)"),
    Identity("det(expm(X))", "exp(tr(X))", "X: matrix(n,n)"),
    Identity("expm(logm(S))", "S", "S: spd(n)"),
    Identity("sqrtm(S)*sqrtm(S)", "S", "S: spd(n)"),
    Identity("sqrtm(S)*inv(S)", "inv(sqrtm(S))", "S: spd(n)"),
    Identity("S^p*S^q", "S^(p + q)", "S: spd(n)", "p: scalar", "q: scalar"),
    Identity("sylvester(A,A',C)", "lyapunov(A,C)", "A: matrix(n,n)"),
    Identity("sylvester(A,B,C)'", "sylvester(B',A',C')", "A: matrix(n,n)", "B: matrix(m,m)"),
    Identity("inv(S)*chol(S)", "inv(chol(S))'", "S: spd(n)"),
    Identity("chol(S)'*inv(S)*chol(S)", "eye(n)", "S: spd(n)"),
    Identity("2*sum(log(diag(chol(S))))", "logdet(S)", "S: spd(n)"),
    Identity("prod(diag(chol(S)))^2", "det(S)", "S: spd(n)"),
    Identity("sum(log(eigvals(S)))", "logdet(S)", "S: spd(n)"),
    Identity("sum(eigvals(S))", "tr(S)", "S: symmetric(n)"),
    Identity("sum(eigvals(S).^3)", "tr(S^3)", "S: symmetric(n)"),
    Identity("sum(log(1 + eigvals(S)))", "logdet(eye(n) + S)", "S: spd(n)"),
    Identity("prod(2 + eigvals(S))", "det(2*eye(n) + S)", "S: symmetric(n)"),
    Identity("sum(exp(2*eigvals(S)))", "tr(expm(2*S))", "S: symmetric(n)"),
    Identity("max(eigvals(S))", "lambdamax(S)", "S: symmetric(n)"),
    Identity("min(eigvals(S))", "lambdamin(S)", "S: symmetric(n)"),
    Identity("entry(eigvals(S),n,1)", "lambdamax(S)", "S: symmetric(n)"),
    Identity("entry(eigvals(S),1,1)", "lambdamin(S)", "S: symmetric(n)"),
    Identity("max(svdvals(A))", "specnorm(A)", "A: matrix(m,n)"),
    Identity("entry(svdvals(A),1,1)", "specnorm(A)", "A: matrix(m,n)"),
    Identity("sum(svdvals(A).^2)", "tr(A'*A)", "A: matrix(m,n)"),
    Identity("sum(log(1 + svdvals(A).^2))", "logdet(eye(n) + A'*A)", "A: matrix(m,n)"),
    Identity("svdu(A)*diag(svdvals(A).^3)*svdv(A)'", "A*A'*A", "A: matrix(m,n)"),
    Identity(
      "svdu(A)*diag(svdvals(A)./(1 + svdvals(A).^2))*svdv(A)'", "A*inv(eye(n) + A'*A)",
      "A: matrix(m,n)"),
    Identity(
      "eigvecs(S)*diag(1./(1 + eigvals(S)))*eigvecs(S)'", "inv(eye(n) + S)", "S: spd(n)"),
    Identity(
      "eigvecs(S)*diag(eigvals(S).*exp(eigvals(S)))*eigvecs(S)'", "S*expm(S)",
      "S: symmetric(n)"),
    Identity(
      "eigvecs(S)*diag(unit(n,2))*eigvecs(S)'", "col(eigvecs(S),2)*col(eigvecs(S),2)'",
      "S: symmetric(n)"),
    Identity("logm(inv(S))", "-logm(S)", "S: spd(n)"),
    Identity("logm(S^p)", "p*logm(S)", "S: spd(n)", "p: scalar"),
    Identity("logm(S*S)", "2*logm(S)", "S: spd(n)"),
    Identity("tr(logm(X))", "logdet(X)", "X: matrix(n,n)"),
    Identity("inv(sqrtm(eye(n) + S*S))*S", "S*inv(sqrtm(eye(n) + S*S))", "S: symmetric(n)"),
    Identity("A*inv(A'*A)*A'*A*inv(A'*A)*A'", "A*inv(A'*A)*A'", "A: matrix(m,n)"),
    Identity("A*inv(A'*A)*A'*A", "A", "A: matrix(m,n)"),
    Identity("gapinv(x)'", "-gapinv(x)", "x: vector(n)"),
    Identity("gapinv(3*x)", "gapinv(x)/3", "x: vector(n)"),
    Identity("divdiff(x,y,z)'", "divdiff(x,y,z)", "x: vector(n)", "y: vector(n)", "z: vector(n)"),
    Identity("stril(chol(S)')", "zeros(n,n)", "S: spd(n)"),
    Identity("diag(halftril(A))", "diag(A)/2", "A: matrix(n,n)"),
    Identity("col2im(zeros(4,4),3,3,2,2)", "zeros(3,3)"),
  ]
}
