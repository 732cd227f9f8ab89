private let cookbook = "Petersen & Pedersen, The Matrix Cookbook (2012)"

extension RulePage {
  /// Moves that bring the differential to the end, where the derivative can be read off.
  static let traces: [RulePage] = [
    RulePage(
      "a scalar equals its transpose", aliases: ["scalar transpose"], .traces,
      declare: ["x: vector(n)", "y: vector(n)"], [Equation("x'*A*y", "y'*A'*x")],
      because:
        "A 1×1 matrix is its own transpose, and the transpose of a product is the product of the "
        + "transposes in reverse order.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 1.3",
      example: ("x'*A*x", [], "x")),
    RulePage(
      "trace of a transpose", aliases: ["trace transpose", "transpose under the trace"], .traces,
      declare: ["A: matrix(n,n)", "P: matrix(m,n)", "Y: matrix(m,n)"],
      [Equation("tr(A')", "tr(A)"), Equation("tr(P*Y')", "tr(P'*Y)")],
      because: "A matrix and its transpose have the same diagonal.",
      source: "\(cookbook) (13)", example: ("tr(X'*A*X)", [], "X")),
    RulePage(
      "trace trick", aliases: ["trace of a scalar"], .traces,
      declare: ["x: vector(m)", "y: vector(n)", "A: matrix(m,n)"],
      [Equation("x'*A*y", "tr(y*x'*A)")],
      because:
        "A scalar is its own trace, and under a trace factors may be moved from one end to the "
        + "other: so dX can be brought to the end.",
      source: "\(cookbook) (16), (17)",
      example: ("(x - u)'*inv(S)*(x - u)", ["S: spd(n)", "u: vector(n)"], "S")),
    RulePage(
      "cyclic permutation", aliases: ["cyclic", "trace is cyclic"], .traces,
      declare: ["A: matrix(m,n)", "B: matrix(n,p)", "C: matrix(p,m)"],
      [Equation("tr(A*B*C)", "tr(C*A*B)")],
      because:
        "Both are the sum of A[i,j] B[j,k] C[k,i] over all i, j and k. Only rotations are allowed: "
        + "tr(A*C*B) is another number.",
      source: "\(cookbook) (16)", example: ("tr(A*X*B)", [], "X")),
    RulePage(
      "trace of an outer product", aliases: ["outer product"], .traces,
      declare: ["x: vector(n)", "y: vector(n)"], [Equation("tr(x*y')", "y'*x")],
      because: "The diagonal of x*y' holds x[i]*y[i], whose sum is the inner product.",
      source: "\(cookbook) (17)", example: ("tr(A*x*y')", ["A: matrix(n,n)"], "x")),
    RulePage(
      "move the elementwise factor", aliases: ["elementwise shift"], .traces,
      declare: [
        "x: vector(n)", "y: vector(n)", "z: vector(n)", "A: matrix(m,n)", "B: matrix(m,n)",
        "C: matrix(m,n)",
      ],
      [
        Equation("x'*(y.*z)", "(x.*y)'*z"), Equation("tr(A'*(B.*C))", "tr((A.*B)'*C)"),
      ],
      because:
        "Each side is the sum of the products of three entries. Multiplying entry by entry is its "
        + "own adjoint, so it may be done on either side of an inner product.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 3.6",
      example: ("g'*sigmoid(W*x)", ["g: vector(m)"], "x")),
    RulePage(
      "sum of products as inner product", aliases: ["sum as trace"], .traces,
      declare: ["x: vector(n)", "y: vector(n)", "A: matrix(m,n)", "B: matrix(m,n)"],
      [Equation("sum(x.*y)", "x'*y"), Equation("sum(A.*B)", "tr(A'*B)")],
      because: "The inner product of two arrays is the sum of the products of their entries.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 3.6",
      example: ("sum(exp(A*x))", [], "x")),
    RulePage(
      "a sum is a product with ones", aliases: ["sum with ones"], .traces,
      declare: ["A: matrix(m,n)"],
      [
        Equation("sum(A)", "ones(m,1)'*A*ones(n,1)"), Equation("sum(A,1)", "ones(m,1)'*A"),
        Equation("sum(A,2)", "A*ones(n,1)"),
      ],
      because: "Multiplying by a column of ones adds up each row, from the left each column.",
      source: "Minka, Old and New Matrix Algebra Useful for Statistics (2000)",
      example: ("sum(A*X)", [], "X")),
    RulePage(
      "scalars commute", aliases: ["distribute"], .traces,
      declare: ["x: vector(n)", "y: vector(n)", "z: vector(n)"],
      [Equation("x*(y'*z)", "x*y'*z")],
      because:
        "A number may stand anywhere in a product, and sums are multiplied out: bookkeeping that a "
        + "teacher does not write down.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 1.3"),
    RulePage(
      "symmetry", aliases: ["symmetric"], .traces, declare: ["S: symmetric(n)"],
      [Equation("S'", "S")],
      because: "That is what symmetric means; inverses, sums and squares of such matrices are too.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 1.5",
      example: ("x'*A*x", ["A: symmetric(n)"], "x")),
    RulePage(
      "adjoint", aliases: ["adjoint operation", "move the linear map to the other side"], .traces,
      declare: ["A: matrix(n,n)", "x: vector(n)"],
      [
        Equation("tr(A'*diag(x))", "diag(A)'*x"),
        Equation("tr(A'*tril(B))", "tr(tril(A)'*B)"),
      ],
      because:
        "Every linear operation L has an adjoint L* with <A, L(B)> = <L*(A), B>: it takes the work "
        + "from dX to what dX is paired with.",
      source: "Giles, Collected matrix derivative results (2008), section 2",
      example: ("w'*eigvals(S)", ["S: symmetric(n)"], "S")),
    RulePage(
      "elementwise product as diagonal matrix", aliases: ["diagonal matrix"], .traces,
      declare: ["x: vector(n)", "y: vector(n)"], [Equation("x.*y", "diag(x)*y")],
      because: "Row i of diag(x) multiplies y[i] by x[i] and by nothing else.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 3.6",
      example: ("tanh(A*x)", [], "x")),
    RulePage(
      "matrix times dx", aliases: ["columnwise"], .traces, declare: ["x: vector(n)"],
      [Equation("[A*x; B*x]", "[A; B]*x")],
      because: "Every column that is linear in dx is a matrix times dx.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 9.5"),
    RulePage(
      "vec of a product", aliases: ["vec", "kronecker", "vectorize"], .traces,
      declare: ["X: matrix(m,n)", "A: matrix(p,m)", "B: matrix(n,q)"],
      [
        Equation("vec(A*X*B)", "kron(B',A)*vec(X)"),
        Equation("vec(X')", "commutation(m,n)*vec(X)"),
        Equation("vec(X.*C)", "diag(vec(C))*vec(X)"),
      ],
      because:
        "Column k of A*X*B is the sum of B[j,k]*A times column j of X: block (k,j) of B' ⊗ A is "
        + "B[j,k]*A.",
      source: "\(cookbook) (520); Magnus & Neudecker, Matrix Differential Calculus, section 2.4",
      example: ("A*X*B", [], "X")),
    RulePage(
      "collect", aliases: ["collect terms", "like terms"], .traces,
      declare: ["x: vector(n)", "y: vector(n)", "A: matrix(n,n)", "B: matrix(n,n)"],
      [
        Equation("x'*A*y + x'*B*y", "x'*(A + B)*y"), Equation("tr(A*X) + tr(B*X)", "tr((A + B)*X)"),
      ],
      because: "All terms end in the same differential, so what stands before it is added up.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 9.5",
      example: ("x'*A*x", [], "x")),
  ]
}
