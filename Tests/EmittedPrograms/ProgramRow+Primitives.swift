import Frechet

extension ProgramRow {
  /// Inputs that use every primitive on every kind of shape: declarations, variables, input.
  public static let primitives: [ProgramRow] =
    table(elementwiseLines, prefix: "elementwise")
    + table(operatorLines, prefix: "operators") + table(reductionLines, prefix: "reductions")
    + table(structureLines, prefix: "structure") + table(algebraLines, prefix: "algebra")
    + table(convolutionLines, prefix: "convolution")

  /// Names that mean something else in the languages that programs are written in.
  public static let names = table(
    [
      "lambda: scalar; def: vector(n) | def | lambda*norm2(def)^2",
      "value: vector(n); np: matrix(n,n) | value | value'*np*value | 2",
      "σ: positive scalar; μ: vector(n); x: vector(n) | μ,σ | norm2(x - μ)^2/σ^2 + log(σ)",
      "rng: vector(n); along: matrix(n,n); error: scalar | rng,error | error*rng'*along*rng",
      "t1: vector(n); gradient: scalar | t1,gradient | sin(gradient*norm2(t1)^2)",
    ], prefix: "names")

  private static let elementwiseLines: [String] = {
    let plain = [
      "exp", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
      "sigmoid", "softplus", "relu", "elu", "gelu", "silu", "erf", "erfc", "normcdf", "normpdf",
      "abs", "sign", "square", "step",
    ]
    let positive = ["log", "log1p", "log2", "log10", "sqrt", "lgamma", "digamma", "trigamma"]
    return plain.map { "x: vector(n) | x | \($0)(x/4 + 1/10)" }
      + plain.map { "X: matrix(m,n) | X | sum(\($0)(X/4)) + \($0)(1/2)" }
      + positive.map { "x: positive vector(n) | x | \($0)(x)" }
      + positive.map { "X: positive matrix(m,n) | X | sum(\($0)(X + 1/4)) + \($0)(2)" }
      + [
        "x: vector(n); a: scalar | x | leakyrelu(x,a/9)",
        "X: matrix(m,n) | X | sum(leakyrelu(X,1/8))",
        "x: positive vector(n) | x | polygamma(2,x)", "x: vector(n) | x | clip(x,-1/2,1/2)",
        "X: matrix(m,n); a: scalar; b: row(n) | X | sum(clip(X,-4,b))",
        "X: matrix(m,n); Y: matrix(m,n) | X | sum(max(X,Y))",
        "X: matrix(m,n); y: vector(m) | X | sum(min(X,y))", "x: vector(n) | x | max(0,x)",
        "x: row(n) | x | min(x,1/2)", "c: scalar | c | exp(c)*sin(c)",
        "c: scalar; d: scalar | c,d | max(c,d)^2",
      ]
  }()

  private static let operatorLines = [
    "X: matrix(m,n); y: row(n) | X,y | norm2(X + y)^2",
    "X: matrix(m,n); y: vector(m) | X,y | norm2(X - y)^2",
    "X: matrix(m,n); c: scalar | X,c | norm2(X - c)^2", "X: matrix(m,n); y: row(n) | y | sum(X.*y)",
    "X: matrix(m,n); y: vector(m) | y | sum(y.*X)",
    "X: matrix(m,n); y: vector(m) | X,y | sum(X./(y.^2 + 1))",
    "X: matrix(m,n); y: row(n) | y | sum((X./(y.^2 + 1)).^2)", "x: vector(n) | x | -x",
    "x: vector(m); y: vector(n) | x | x*y'", "x: row(n); y: vector(n) | x | x*y",
    "x: row(n); A: matrix(n,n) | x | x*A*x'",
    "X: matrix(n,n); A: matrix(m,n) | X | A/X", "X: matrix(n,n); x: row(n) | X,x | x/X*x'",
    "X: matrix(n,n); x: vector(n) | X,x | X\\x",
    "S: spd(n); x: vector(n) | x | x'*(S\\x)", "S: spd(n); B: matrix(n,p) | B | tr(B'*solve(S,B))",
    "c: positive scalar | c | c^3 + c^(1/2) + 1/c", "c: positive scalar; a: scalar | c,a | c^a",
    "X: matrix(n,n) | X | tr(X^3)", "X: matrix(n,n) | X | X^2", "X: matrix(n,n) | X | tr(X^-2)",
    "S: spd(n) | S | tr(S^(1/2))",
    "S: spd(n) | S | tr(S^(3/2))", "x: positive vector(n) | x | sum(x.^(5/2) + x.^-1)",
    "X: positive matrix(m,n); y: row(n) | X | sum(X.^y)",
    "a: positive scalar; x: vector(n) | x | sum(a.^x)", "x: vector(n) | x | 2.^x",
    "X: matrix(m,n) | X | X'", "x: vector(n) | x | x'",
    "A: matrix(m,n); B: matrix(m,p); C: matrix(k,n); D: matrix(k,p) | A,D | norm2([A, B; C, D])^2",
    "x: vector(n); y: vector(m) | x | [x; y; 2*x]", "x: scalar; y: scalar | x | det([x, y; y, 3])",
    "x: row(n); y: row(m) | x | [x, 1, y]",
    "x: vector(n); A: matrix(n,p) | x,A | norm2([x, A])^2", "x: vector(n); c: scalar | c | c*x",
    "x: vector(n) | x | x/norm2(x)",
  ]

  private static let reductionLines: [String] = {
    let names = ["sum", "mean", "prod", "logsumexp", "max", "min"]
    var lines = names.flatMap { f in
      [
        "X: matrix(m,n) | X | \(f)(X)", "X: matrix(m,n) | X | \(f)(X,1)",
        "X: matrix(m,n) | X | \(f)(X,2)",
        "x: vector(n) | x | \(f)(x)", "x: row(n) | x | \(f)(x)", "x: vector(n) | x | \(f)(x,1)",
        "x: row(n) | x | \(f)(x,2)", "x: vector(n) | x | \(f)(x,2)", "x: row(n) | x | \(f)(x,1)",
      ]
    }
    for f in ["softmax", "logsoftmax"] {
      lines += [
        "X: matrix(m,n); Y: matrix(m,n) | X | sum(Y.*\(f)(X,1))",
        "X: matrix(m,n); Y: matrix(m,n) | X | sum(Y.*\(f)(X,2))",
        "x: vector(n) | x | \(f)(x)", "x: row(n) | x | \(f)(x)", "X: matrix(m,n) | X | \(f)(X,2)",
      ]
    }
    for f in ["norm1", "norm2", "normF", "norminf", "nucnorm", "specnorm"] {
      lines += [
        "X: matrix(m,n) | X | \(f)(X)", "x: vector(n) | x | \(f)(x)", "x: row(n) | x | \(f)(x)",
      ]
    }
    return lines + [
      "X: matrix(n,n); A: matrix(n,n) | X | tr(A*X)", "X: matrix(n,n) | X | det(X)",
      "X: matrix(n,n) | X | logdet(X)",
      "x: vector(n) | x | normp(x,3)", "X: matrix(m,n) | X | normp(X,5/2)",
      "x: positive vector(n); p: positive scalar | x | normp(x,p + 1)",
      "x: vector(n); y: vector(n) | x | dot(x,y)",
      "X: matrix(m,n); Y: matrix(m,n) | X | tr(X'*Y)*tr(X'*X)",
      "X: matrix(m,n) | X | log(n) + sum(X)/m", "x: vector(n) | x | sqrt(n)*pi*sum(x) + sqrt(2)",
    ]
  }()

  private static let structureLines = [
    "x: vector(n); A: matrix(m,n) | x | norm2(A*diag(x))^2", "x: row(n) | x | diag(x)",
    "x: vector(n) | x | diag(x)*diag(x)",
    "X: matrix(n,n) | X | diag(X)", "X: matrix(n,n) | X | diag(X*X)",
    "X: matrix(m,3) | X | col(X,2)", "X: matrix(m,n) | X | norm2(col(X,n))^2",
    "X: matrix(3,n) | X | row(X,3)", "X: matrix(m,n) | X | norm2(row(X,m))^2",
    "X: matrix(m,n) | X | entry(X,2,1)^2", "x: vector(n) | x | entry(x,n,1)^2",
    "x: row(n) | x | entry(x,1,2)^2", "x: vector(n) | x | x'*unit(n,2) + norm2(x - unit(n,1))^2",
    "X: matrix(m,n) | X | vec(X)",
    "X: matrix(m,n); A: matrix(p,m) | X | vec(A*X)",
    "X: matrix(m,n) | X | norm2(reshape(X,n,m) + X')^2", "x: vector(6) | x | reshape(x,2,3)",
    "X: matrix(m,n) | X | reshape(X,1,m*n)",
    "A: matrix(m,n); B: matrix(p,q) | A,B | norm2(kron(A,B))^2",
    "A: matrix(2,3); B: matrix(3,2) | A | kron(A,B)",
    "x: vector(m); y: vector(n) | x,y | kron(x,y)", "x: vector(m); B: matrix(2,3) | x | kron(x,B)",
    "x: row(m); y: row(n) | x | kron(x,y)",
    "x: vector(m); y: row(n) | x | kron(x,y)", "c: scalar; B: matrix(m,n) | c,B | kron(c,B)",
    "A: matrix(m,n); B: matrix(p,n) | A,B | norm2(khatrirao(A,B))^2",
    "A: matrix(m,n); B: matrix(p,n) | A | khatrirao(A,B)",
    "x: vector(m); y: vector(n) | x | khatrirao(x,y)", "S: symmetric(n) | S | vech(S)",
    "X: matrix(n,n) | X | norm2(vech(X))^2", "X: matrix(n,n) | X | tril(X)",
    "X: matrix(m,n) | X | norm2(triu(X))^2", "X: matrix(n,n) | X | norm2(sym(X))^2",
    "X: matrix(n,n) | X | skew(X)", "x: vector(n) | x | logdet(x*x' + eye(n))",
    "x: vector(n) | x | norm2(x + ones(n,1))^2", "x: vector(n) | x | x*ones(1,3)",
    "x: vector(n) | x | x + zeros(n,1) + vector(2)",
    "x: vector(n); c: scalar | x,c | norm2(x*x' + matrix(c))^2",
    "X: matrix(m,n) | X | commutation(m,n)*vec(X)",
    "X: matrix(m,n) | X | X", "x: vector(6) | x | commutation(2,3)*x",
    "S: symmetric(n) | S | duplication(n)*vech(S)", "x: vector(6) | x | duplication(3)*x",
    "S: symmetric(n) | S | norm2(duplication(n)'*vec(S))^2",
    "D: diagonal(n); A: matrix(n,n) | D | tr(A*D*D)",
    "L: lower(n); A: matrix(n,n) | L | tr(A*L*L')",
    "U: upper(n); A: matrix(n,n) | U | tr(A*U*U')", "K: skew(n); A: matrix(n,n) | K | tr(A*K*K)",
    "Q: stiefel(m,n); A: symmetric(m) | Q | tr(Q'*A*Q)",
    "Q: orthogonal(n); A: matrix(n,n) | Q | tr(A*Q)", "p: simplex(n) | p | p'*log(p)",
    "P: stochastic(m,n) | P | sum(P.*log(P))",
  ]

  private static let algebraLines = [
    "X: matrix(n,n) | X | inv(X)", "X: matrix(n,n); A: matrix(n,n) | X | tr(A*inv(X))",
    "X: matrix(m,n) | X | norm2(pinv(X))^2", "X: matrix(n,n); A: matrix(n,n) | X | tr(A*adj(X))",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(A*cof(X))",
    "S: spd(n); A: matrix(n,n) | S | tr(A*chol(S))",
    "X: matrix(m,n); A: matrix(n,m) | X | tr(A*qrq(X))",
    "X: matrix(m,n); A: matrix(n,n) | X | tr(A*qrr(X))",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(A*lul(X))",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(A*luu(X))",
    "S: symmetric(n); x: vector(n) | S | x'*eigvals(S)", "S: symmetric(n) | S | eigvals(S)",
    "S: symmetric(n); A: matrix(n,n) | S | tr(A*eigvecs(S))",
    "S: symmetric(n) | S | lambdamax(S)*lambdamin(S)",
    "X: matrix(m,n) | X | sum(svdvals(X).^3)", "X: matrix(m,n); A: matrix(n,m) | X | tr(A*svdu(X))",
    "X: matrix(m,n); A: matrix(n,n) | X | tr(A*svdv(X))",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(A*expm(X))",
    "S: spd(n); A: matrix(n,n) | S | tr(A*logm(S))",
    "S: spd(n); A: matrix(n,n) | S | tr(A*sqrtm(S)) + tr(A*S^(1/3))",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(A*sinm(X))",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(A*cosm(X))", "X: matrix(n,n) | X | expm(X)",
    "S: spd(n) | S | logm(S)",
    "X: matrix(n,n) | X | sinm(X)", "X: matrix(n,n) | X | cosm(X)", "S: spd(n) | S | sqrtm(S)",
    "A: spd(m); B: spd(n); C: matrix(m,n) | A,C | sum(sylvester(A,B,C))",
    "A: spd(n); C: matrix(n,n) | A,C | sum(lyapunov(A,C))",
    "x: vector(3); y: vector(3) | x | cross(x,y)",
    "x: row(3); y: row(3); z: vector(3) | x | cross(x,y)*z",
    "S: spd(n); x: vector(n); mu: vector(n) | S,x,mu | logdet(S) + (x - mu)'*inv(S)*(x - mu)",
    "X: matrix(n,n); x: vector(n) | X,x | logdet(X) + x'*inv(X)*x",
    "X: matrix(n,n); A: matrix(n,n) | X | tr(inv(X)*A*inv(X)') + logdet(X)",
    "X: matrix(n,n); E: matrix(n,n) | X | tr(dexpm(X,E))",
    "S: spd(n); E: matrix(n,n) | E | sum(dlogm(S,E))",
    "X: matrix(n,n); E: matrix(n,n) | E | sum(dsinm(X,E)) + sum(dcosm(X,E))",
    "X: matrix(n,n); E: matrix(n,n) | X | sum(E.*stril(X*X))",
    "X: matrix(n,n); E: matrix(n,n) | X | sum(E.*halftril(X*X))",
    "x: positive vector(n); E: matrix(n,n) | x | sum(E.*suminv(x))",
    "x: vector(3); E: matrix(3,3) | E | sum(E.*gapinv(x))",
    "x: vector(3); E: matrix(3,3) | E | sum(E.*divdiff(x,sin(x),cos(x)))",
  ]

  private static let convolutionLines = [
    "X: matrix(4,5) | X | norm2(im2col(X,2,3))^2",
    "X: matrix(5,4) | X | norm2(im2col(X,3,2,2,1))^2", "x: row(6) | x | im2col(x,1,3)",
    "P: matrix(9,6) | P | norm2(col2im(P,4,5,2,3))^2",
    "P: matrix(9,6) | P | norm2(col2im(P,5,4,3,2,2,1))^2",
    "x: vector(6); w: vector(3) | x,w | norm2(conv1d(x,w))^2",
    "x: row(6); w: row(3) | x,w | norm2(conv1d(x,w,2,1))^2",
    "X: matrix(4,5); W: matrix(2,3) | X,W | norm2(conv2d(X,W))^2",
    "X: matrix(5,4); W: matrix(3,2) | W,X | norm2(conv2d(X,W,2,1))^2",
  ]
}
