import Frechet

extension ProgramRow {
  /// What programs once had wrong in some language.
  public static let mended = table(
    [
      // A call behind a product is not one of its last factor.
      "A: matrix(m,n); x: vector(n) | x | tanh(A*sin(x))",
      "x: vector(n); A: matrix(n,m); z: vector(m) | x | exp(x'*A*z)*dot(A'*sin(x),z)",
      // 1e-05 is no number of MLIR.
      "x: vector(n) | x | norm2(x)^2/100000",
      // Two names that are one in ASCII.
      "μ: vector(n); mu: vector(n) | μ,mu | norm2(μ - 2*mu)^2",
      // Parts of a decomposition, and what differs by a sign.
      "X: matrix(4,3) | X | nucnorm(X) + specnorm(X)^2",
      "S: symmetric(n); v: vector(n) | S | lambdamax(S) + v'*eigvecs(S)*v",
      "X: matrix(4,3); A: matrix(3,4) | X | tr(qrq(X)*A) + tr(qrr(X))",
      "u: vector(n); v: vector(n); w: vector(n) | u,v | log(1 + exp(u'*(w - v))) - u'*(w - v)",
    ], prefix: "mended")

  /// Hessians, with value and gradient.
  public static let second = table(
    [
      "X: matrix(m,n); y: vector(m); c: scalar | w | sum(log(1 + exp(-y.*(X*w)))) + c/2*norm2(w)^2 | 2",
      "A: matrix(m,m); B: matrix(n,n); X: matrix(m,n) | X | tr(A*X*B*X') | 2",
      "S: spd(n) | S | logdet(S) | 2", "X: matrix(n,n) | X | logdet(X) | 2",
      "x: vector(n); A: matrix(n,n) | x | logsumexp(A*x) | 2",
      "X: matrix(m,n); U: matrix(m,p); V: matrix(n,p) | U,V | norm2(X - U*V')^2/2 | 2",
      "x: vector(n); y: vector(m); A: matrix(n,m) | x,y | sin(x'*A*y) | 2",
      "c: scalar; x: vector(n) | c,x | exp(c*norm2(x)^2/10) | 2",
      "x: positive vector(n) | x | sum(lgamma(x)) + prod(x) | 2",
      "X: matrix(m,n) | X | sum(softmax(X,2).^2) | 2", "S: spd(n) | S | tr(S^3) | 2",
      "x: vector(n); A: matrix(n,n) | x | x'*A*x | 2", "c: scalar | c | sin(c)*exp(c) | 2",
      "x: vector(n) | x | norm2(x) | 2", "x: row(n); A: matrix(n,n) | x | exp(x*A*x'/10) | 2",
      "X: matrix(n,n); A: matrix(n,n) | X | tr(A*inv(X)) | 2",
      "S: spd(n); A: matrix(n,n) | S | tr(A*inv(S)) | 2",
      "X: matrix(n,n) | X | det(X) | 2", "x: positive vector(n) | x | sum(x.*log(x)) | 2",
      "p: simplex(n) | p | p'*log(p) | 2", "L: lower(n) | L | norm2(L*L')^2 | 2",
      "X: matrix(m,n); y: vector(m); w: vector(n) | w | norm2(y - tanh(X*w))^2 | 2",
    ], prefix: "second")

  /// Derivatives by several variables.
  public static let several = table(
    [
      "S: spd(n); x: vector(n); mu: vector(n) | S,x,mu | logdet(S) + (x - mu)'*(S\\(x - mu))",
      "X: matrix(m,n); w: vector(n); b: scalar; y: vector(m) | w,b | norm2(y - X*w - b)^2/m",
      "W: matrix(k,m); V: matrix(m,n); x: vector(n); y: vector(k) | W,V,x | norm2(y - W*tanh(V*x))^2",
      "A: matrix(m,n); x: vector(n); y: vector(m) | A,x,y | y'*A*x",
      "U: matrix(m,p); V: matrix(n,p); X: matrix(m,n) | U,V | norm2(X - U*V')^2 + norm2(U)^2",
      "x: vector(n); y: vector(n) | x,y | x'*y/(norm2(x)*norm2(y))",
      "A: matrix(m,n); x: vector(n); b: vector(m) | A,x,b | A*x + b",
      "a: scalar; b: scalar; c: scalar | a,b,c | a*exp(b*c)",
      "x: row(n); A: matrix(n,m); b: row(m) | x,A,b | sum(sigmoid(x*A + b))",
      "X: matrix(m,n); Y: matrix(m,n) | X,Y | sum(softmax(X,2).*Y)",
      "A: matrix(n,n); B: matrix(n,p) | A,B | sum(A\\B)",
      "sigma: positive scalar; mu: vector(n); x: vector(n) | mu,sigma | n*log(sigma) + norm2(x - mu)^2/(2*sigma^2)",
    ], prefix: "several")

  /// Jacobian-vector products: derivatives along a direction.
  public static let forwardProducts = table(
    [
      "X: matrix(n,n) | X | inv(X)", "A: matrix(m,n); x: vector(m); y: vector(n) | x,y | x'*A*y",
      "S: spd(n); E: symmetric(n) | S | tr(dlogm(S,E))",
      "X: matrix(n,n); E: matrix(n,n) | E | dsinm(X,E)",
      "X: matrix(n,n); E: matrix(n,n) | E | dcosm(X,E)",
      "A: matrix(m,n); x: vector(n) | x | softmax(A*x)",
      "X: matrix(n,n) | X | expm(X)", "S: spd(n) | S | chol(S)", "S: symmetric(n) | S | eigvecs(S)",
      "X: matrix(m,n) | X | qrq(X)", "X: matrix(n,n); b: vector(n) | X,b | X\\b",
      "x: vector(n) | x | x/norm2(x)", "X: matrix(m,n) | X | softmax(X,2)",
      "A: matrix(m,n); B: matrix(p,q) | A,B | kron(A,B)", "x: positive vector(n) | x | log(x)",
      "x: row(n); A: matrix(n,m) | x | tanh(x*A)", "X: matrix(m,n) | X | sum(X,1)",
      "c: scalar; X: matrix(m,n) | c,X | exp(c)*X",
    ], form: .operator, prefix: "jvp")

  /// Vector-Jacobian products: gradients of the inner product with a cotangent.
  public static let reverseProducts = table(
    [
      "X: matrix(n,n); U: matrix(n,n) | X | tr(U'*inv(X))",
      "X: matrix(n,n); U: matrix(n,n) | X | tr(U'*expm(X))",
      "A: matrix(m,n); x: vector(n); u: vector(m) | x,A | dot(u, softmax(A*x))",
      "S: spd(n); U: matrix(n,n) | S | tr(U'*chol(S))",
      "X: matrix(n,n); b: vector(n); u: vector(n) | X,b | dot(u, X\\b)",
      "x: vector(n); u: vector(n) | x | dot(u, x/norm2(x))",
      "X: matrix(m,n); U: matrix(m,n) | X | tr(U'*softmax(X,2))",
      "A: matrix(m,n); B: matrix(p,q); U: matrix(m*p,n*q) | A,B | tr(U'*kron(A,B))",
      "x: row(n); A: matrix(n,m); u: row(m) | x,A | dot(u, tanh(x*A))",
      "X: matrix(m,n); u: row(n) | X | dot(u, logsumexp(X,1))",
    ], prefix: "vjp")

  /// Hessian-vector products.
  public static let hessianProducts = table(
    [
      "A: matrix(m,n); x: vector(m); y: vector(n) | x,y | sin(x'*A*y) | 2",
      "A: matrix(m,n); x: vector(n) | x | logsumexp(A*x) | 2",
      "X: matrix(n,n) | X | logdet(X) | 2", "S: spd(n); A: matrix(n,n) | S | tr(A*inv(S)) | 2",
      "S: spd(n) | S | logdet(S) | 2", "X: matrix(m,n) | X | norm2(X)^4 | 2",
      "X: matrix(m,n); y: vector(m) | w | sum(softplus(-y.*(X*w))) | 2",
      "U: matrix(m,p); V: matrix(n,p); X: matrix(m,n) | U,V | norm2(X - U*V')^2/2 | 2",
      "W: matrix(k,n); x: vector(n); y: vector(k) | W | norm2(y - tanh(W*x))^2 | 2",
      "X: matrix(m,n) | X | sum(softmax(X,2).^2) | 2", "x: vector(n) | x | norm2(x) | 2",
      "x: row(n); A: matrix(n,n) | x | exp(x*A*x'/10) | 2",
      "x: positive vector(n) | x | sum(x.*log(x)) | 2", "c: scalar; d: scalar | c,d | exp(c*d) | 2",
    ], form: .operator, prefix: "hvp")
}
