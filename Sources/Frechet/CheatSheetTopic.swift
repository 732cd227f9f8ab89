import Differentiation

/// A topic of the cheat sheet: inputs, of which the answers are derived when it is asked for.
public struct CheatSheetTopic: Sendable {
  struct Row: Sendable {
    let input: String
    let wrt: String
    let declarations: [String]
    let order: Int
    let form: Form

    init(
      _ input: String, _ wrt: String, _ declarations: String..., order: Int = 1,
      form: Form = .auto
    ) {
      self.input = input
      self.wrt = wrt
      self.declarations = declarations
      self.order = order
      self.form = form
    }
  }

  public let name: String
  let rows: [Row]

  public static let all = [
    vectors, traces, determinants, inverses, norms, decompositions, networks, distributions,
    secondOrder,
  ]

  /// The topic of a name; `second` and `second-order` are the same.
  static func find(_ name: String) -> CheatSheetTopic? {
    let wanted = name.lowercased().replacing("-", with: " ")
    return all.first { $0.name == wanted }
      ?? all.first { wanted.count > 2 && $0.name.hasPrefix(wanted) }
  }

  static let vectors = CheatSheetTopic(
    name: "vectors",
    rows: [
      Row("a'*x", "x", "a: vector(n)"),
      Row("x'*x", "x"),
      Row("x'*A*x", "x"),
      Row("x'*A*x", "x", "A: symmetric(n)"),
      Row("x'*A*y", "x"),
      Row("x'*A'*B*x", "x"),
      Row("(A*x + b)'*C*(D*x + e)", "x", "b: vector(m)", "e: vector(p)", "D: matrix(p,n)"),
      Row("sum(x)", "x"),
      Row("sum(log(x))", "x", "x: positive vector(n)"),
      Row("sum(exp(A*x))", "x"),
      Row("logsumexp(x)", "x"),
      Row("sum(log(1 + exp(A*x)))", "x"),
      Row("x'*A*x/(x'*x)", "x", "A: symmetric(n)"),
      Row("A*x", "x"),
      Row("softmax(x)", "x"),
      Row("tanh(A*x)", "x"),
      Row("x.*y", "x"),
      Row("x*(a'*x)", "x", "a: vector(n)"),
    ])

  static let traces = CheatSheetTopic(
    name: "traces",
    rows: [
      Row("tr(X)", "X"),
      Row("tr(A*X)", "X"),
      Row("tr(A*X*B)", "X"),
      Row("tr(A*X'*B)", "X"),
      Row("tr(X'*X)", "X", "X: matrix(m,n)"),
      Row("tr(X^2)", "X"),
      Row("tr(X'*A*X)", "X", "X: matrix(m,n)"),
      Row("tr(X*A*X')", "X", "X: matrix(m,n)"),
      Row("tr(A*X*B*X)", "X"),
      Row("tr(A*X*B*X')", "X", "X: matrix(m,n)"),
      Row("tr(X^3)", "X"),
      Row("tr(A*inv(X)*B)", "X"),
      Row("tr(A*(X.*B))", "X", "X: matrix(m,n)"),
      Row("a'*X*b", "X", "a: vector(m)", "b: vector(n)"),
      Row("a'*X'*X*b", "X", "a: vector(n)", "b: vector(n)"),
      Row("tr(S*A)", "S", "S: symmetric(n)"),
    ])

  static let determinants = CheatSheetTopic(
    name: "determinants",
    rows: [
      Row("det(X)", "X"),
      Row("logdet(X)", "X"),
      Row("logdet(S)", "S", "S: spd(n)"),
      Row("det(A*X*B)", "X", "A: matrix(n,n)", "B: matrix(n,n)"),
      Row("logdet(X'*X)", "X", "X: matrix(m,n)"),
      Row("logdet(X'*A*X)", "X", "X: matrix(m,n)", "A: spd(m)"),
      Row("logdet(A + X*B*X')", "X", "X: matrix(m,n)", "A: spd(m)", "B: spd(n)"),
      Row("log(det(X))", "X"),
      Row("logdet(a*A + B)", "a"),
      Row("logdet(eye(n) + x*x')", "x", "x: vector(n)"),
      Row("det(X)^2", "X"),
    ])

  static let inverses = CheatSheetTopic(
    name: "inverses",
    rows: [
      Row("inv(X)", "X", form: .differential),
      Row("inv(X)", "X"),
      Row("tr(A*inv(X))", "X"),
      Row("a'*inv(X)*b", "X", "a: vector(n)", "b: vector(n)"),
      Row("x'*inv(S)*x", "S", "S: spd(n)"),
      Row("x'*inv(S)*x", "x", "S: spd(n)"),
      Row("tr(inv(X + A))", "X"),
      Row("tr(inv(X'*C*X)*A)", "X", "X: matrix(m,n)", "C: spd(m)", "A: symmetric(n)"),
      Row("solve(X,b)", "b", "b: vector(n)"),
      Row("pinv(A)", "A", "A: matrix(m,n)", form: .differential),
    ])

  static let norms = CheatSheetTopic(
    name: "norms",
    rows: [
      Row("norm2(x)", "x"),
      Row("norm2(x)^2", "x"),
      Row("norm2(A*x - b)^2", "x", "b: vector(m)"),
      Row("norm2(A*x - b)", "x", "b: vector(m)"),
      Row("norm2(X)^2", "X", "X: matrix(m,n)"),
      Row("norm2(X)", "X", "X: matrix(m,n)"),
      Row("norm2(A*X - B)^2", "X"),
      Row("norm2(X - U*V')^2/2", "U"),
      Row("norm1(x)", "x"),
      Row("normp(x,p)", "x", "p: scalar"),
      Row("norminf(x)", "x"),
      Row("nucnorm(X)", "X", "X: matrix(m,n)"),
      Row("specnorm(X)", "X", "X: matrix(m,n)"),
      Row("x/norm2(x)", "x"),
    ])

  static let decompositions = CheatSheetTopic(
    name: "decompositions",
    rows: [
      Row("eigvals(S)", "S", "S: symmetric(n)", form: .differential),
      Row("eigvecs(S)", "S", "S: symmetric(n)", form: .differential),
      Row("lambdamax(S)", "S", "S: symmetric(n)"),
      Row("w'*eigvals(S)", "S", "S: symmetric(n)"),
      Row("chol(S)", "S", "S: spd(n)", form: .differential),
      Row("svdvals(X)", "X", "X: matrix(m,n)", form: .differential),
      Row("qrr(X)", "X", "X: matrix(m,n)", form: .differential),
      Row("lul(X)", "X", form: .differential),
      Row("luu(X)", "X", form: .differential),
      Row("tr(expm(X))", "X"),
      Row("sqrtm(S)", "S", "S: spd(n)", form: .differential),
    ])

  static let networks = CheatSheetTopic(
    name: "networks",
    rows: [
      Row("norm2(X*w - y)^2/(2*m)", "w", "X: matrix(m,n)"),
      Row("sum(softplus(X*w)) - y'*X*w", "w"),
      Row("sum(log(1 + exp(-y.*(X*w)))) + c/2*norm2(w)^2", "w"),
      Row("logsumexp(z) - y'*z", "z"),
      Row("-sum(Y.*logsoftmax(X*W,2))", "W"),
      Row("sum(G.*(X*W + b))", "W", "b: row(k)"),
      Row("sum(G.*(X*W + b))", "b", "b: row(k)"),
      Row("g'*sigmoid(W*x + b)", "W", "b: vector(m)", "g: vector(m)"),
      Row("g'*relu(W*x + b)", "x", "b: vector(m)", "g: vector(m)"),
      Row("norm2(V*tanh(W*x) - y)^2/2", "V"),
      Row("norm2(V*tanh(W*x) - y)^2/2", "W"),
      Row("sum(G.*softmax(Z,2))", "Z"),
    ])

  static let distributions = CheatSheetTopic(
    name: "distributions",
    rows: [
      Row("-logdet(S)/2 - (x - mu)'*inv(S)*(x - mu)/2", "mu", "S: spd(n)"),
      Row("-logdet(S)/2 - (x - mu)'*inv(S)*(x - mu)/2", "S", "S: spd(n)"),
      Row("logdet(P)/2 - (x - mu)'*P*(x - mu)/2", "P", "P: spd(n)"),
      Row("logdet(S) + tr(A*inv(S))", "S", "S: spd(n)", "A: symmetric(n)"),
      Row(
        "E = X - M; -p/2*logdet(U) - tr(inv(U)*E*inv(V)*E')/2", "M", "X: matrix(n,p)",
        "U: spd(n)", "V: spd(p)"),
      Row(
        "E = X - M; -p/2*logdet(U) - tr(inv(U)*E*inv(V)*E')/2", "U", "X: matrix(n,p)",
        "U: spd(n)", "V: spd(p)"),
      Row("logdet(S)*(a - n - 1)/2 - tr(inv(V)*S)/2", "S", "S: spd(n)", "V: spd(n)"),
      Row("y'*(X*b) - sum(exp(X*b))", "b", "b: vector(n)"),
      Row("-a*log(1 + (x - mu)'*inv(S)*(x - mu)/c)", "mu", "S: spd(n)"),
      Row(
        "C = W*W' + s*eye(d); -N/2*(logdet(C) + tr(inv(C)*S))", "W", "W: matrix(d,k)",
        "s: positive scalar", "N: positive scalar", "S: symmetric(d)"),
    ])

  static let secondOrder = CheatSheetTopic(
    name: "second order",
    rows: [
      Row("x'*A*x", "x", order: 2),
      Row("x'*A*x", "x", "A: symmetric(n)", order: 2),
      Row("norm2(A*x - b)^2/2", "x", "b: vector(m)", order: 2),
      Row("logsumexp(x)", "x", order: 2),
      Row("sum(exp(A*x))", "x", order: 2),
      Row("sum(softplus(X*w)) - y'*X*w", "w", order: 2),
      Row("norm2(x)", "x", order: 2),
      Row("-sum(log(b - A*x))", "x", "b: vector(m)", order: 2),
      Row("tr(X'*A*X)", "X", "X: matrix(m,n)", order: 2),
      Row("tr(A*X*B*X')", "X", "X: matrix(m,n)", order: 2),
      Row("logdet(X)", "X", order: 2),
      Row("logdet(S)", "S", "S: spd(n)", order: 2),
    ])
}
