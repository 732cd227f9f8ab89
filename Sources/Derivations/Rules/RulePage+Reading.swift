private let identification = "Magnus & Neudecker, Matrix Differential Calculus, section 9.5"

extension RulePage {
  /// How a derivative is read off a differential.
  static let reading: [RulePage] = [
    RulePage(
      "identify the gradient", aliases: ["identify", "identification", "gradient"], .reading,
      statement:
        "df = g'*dx means that g is the gradient; df = tr(G'*dX) that G is; df = g*da that g is.",
      because:
        "The entry of dX at i, j is multiplied by G[i,j], and that factor is the derivative by X[i,j]. "
        + "It is unique, since dX is arbitrary, and it has the shape of X.",
      source: identification, example: ("tr(X'*A*X)", [], "X")),
    RulePage(
      "identify the Jacobian", aliases: ["jacobian"], .reading,
      statement: "df = J*dx means that J is the Jacobian; of matrices, vec(dF) = J*vec(dX).",
      because:
        "Row i of J says how f[i] changes with each entry of x: rows are outputs, columns inputs.",
      source: identification, example: ("tanh(A*x)", [], "x")),
    RulePage(
      "identify the Hessian", aliases: ["hessian", "second differential"], .reading,
      statement: "d(grad f) = H*dx means that H is the Hessian; of matrices, of vec.",
      because:
        "The Hessian is the Jacobian of the gradient: differentiate once, simplify, and once more.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 10.5",
      example: ("x'*A*x", [], "x")),
    RulePage(
      "coefficient of the differential", aliases: ["derivative by a scalar"], .reading,
      statement: "dF = G*da means that G is the derivative of F by the scalar a, entry by entry.",
      because: "The one number da can be taken out of everything that is linear in it.",
      source: identification, example: ("a*A*B", [], "a")),
    RulePage(
      "V for the differential", aliases: ["directional derivative", "operator"], .reading,
      statement: "The differential is a linear map; with V for dX it is written as one, V -> ….",
      because:
        "A derivative along a direction needs no matrix, which for matrices would have four indices.",
      source: "Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds, section 3.1"),
    RulePage(
      "simplify", aliases: ["simplification"], .reading,
      statement: "The same in the shortest notation that is found.",
      because:
        "Products are multiplied out and factored, like terms merged, and known functions "
        + "recognised: exp(t)/(1 + exp(t)) is sigmoid(t).",
      source: "the engine's search, by measured length"),
    RulePage(
      "no dependence", aliases: ["independent"], .reading,
      statement: "What does not depend on the variable has the derivative zero.",
      because: "Nothing changes with the variable, so df = 0 for every dX.",
      source: identification),
    RulePage(
      "layout", aliases: ["numerator layout", "denominator layout", "transposed"], .reading,
      statement:
        "Denominator layout gives a gradient the shape of the variable; numerator layout transposes "
        + "it. The entries are the same.",
      because:
        "It is a convention of writing, not of calculus: which one is in force is always named.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 9.3"),
    RulePage(
      "in indices", aliases: ["index notation"], .reading,
      statement: "The same entry by entry, with sums over the indices that occur twice.",
      because: "A matrix product is a sum over the index between its factors.",
      source: "the engine's index notation"),
    RulePage(
      "first derivative", .reading,
      statement: "The gradient, derived and simplified; --order 1 --steps shows how.",
      because: "The second derivative is the derivative of the first, in its shortest form.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 10.5"),
  ]

  /// Gradients that respect what was declared of the variable.
  static let structures: [RulePage] = [
    RulePage(
      "projection on the symmetric matrices", aliases: ["symmetric gradient", "symmetrize"],
      .structure, declare: ["S: symmetric(n)"], [Equation("tr(A'*S)", "tr(sym(A)'*S)")],
      because:
        "dX is symmetric, and tr(G'*dX) sees only the symmetric part of G. With --symmetric entries "
        + "each pair of equal entries counts as one variable: G + G' - diag(diag(G)).",
      source:
        "Srinivasan & Panda, What is the gradient of a scalar function of a symmetric matrix? "
        + "(2020)",
      example: ("logdet(S) + tr(A*S)", ["S: spd(n)"], "S")),
    RulePage(
      "derivatives by free entries", aliases: ["symmetric entries", "free entries"], .structure,
      declare: ["A: matrix(n,n)"],
      [Equation("A + A' - diag(diag(A))", "2*sym(A) - diag(diag(A))")],
      because:
        "Each pair of equal entries counts as one variable, whose derivative is the sum of both; an "
        + "entry of the diagonal stands alone.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 3.8"),
    RulePage(
      "affine-invariant metric", aliases: ["affine"], .structure,
      statement: "grad f = X*sym(G)*X, where tr(inv(X)*grad*inv(X)*dX) = tr(G'*dX).",
      because:
        "The inner product of directions at X is tr(inv(X)*U*inv(X)*V), and the gradient is what "
        + "represents df in it.",
      source: "Bhatia, Positive Definite Matrices (2007), chapter 6"),
    RulePage(
      "projection on the skew matrices", .structure, declare: ["S: skew(n)"],
      [Equation("tr(A'*S)", "tr(skew(A)'*S)")],
      because: "dX is skew, and tr(G'*dX) sees only the skew part of G.",
      source: "Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds, section 3.6"),
    RulePage(
      "projection on the diagonal matrices", .structure, declare: ["D: diagonal(n)"],
      [Equation("tr(A'*D)", "tr(diag(diag(A))'*D)")],
      because: "Off the diagonal nothing can move, so only the diagonal of G counts.",
      source: "Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds, section 3.6"),
    RulePage(
      "projection on the triangular matrices", .structure, declare: ["L: lower(n)"],
      [Equation("tr(A'*L)", "tr(tril(A)'*L)")],
      because:
        "On the other side of the diagonal nothing can move, so only one triangle of G counts.",
      source: "Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds, section 3.6"),
    RulePage(
      "projection on the tangent space", aliases: ["riemannian gradient", "stiefel", "orthogonal"],
      .structure,
      statement:
        "grad f = G - Q*sym(Q'*G) in the embedded metric, G - Q*G'*Q in the canonical one.",
      because:
        "Q'*Q = I allows only directions with Q'*dQ skew; what of G is normal to those changes no "
        + "inner product with dQ, and is left out.",
      source: "Edelman, Arias & Smith, The geometry of algorithms with orthogonality constraints "
        + "(1998), section 2.4",
      example: ("tr(A'*Q)", ["Q: stiefel(n,p)"], "Q")),
  ]

  /// Derivations that go through definitions.
  static let networks: [RulePage] = [
    RulePage(
      "through a layer", aliases: ["through", "backpropagation", "layer"], .networks,
      declare: ["x: vector(n)", "h: vector(m)", "W: matrix(m,n)"],
      [Equation("h'*(W*x)", "(W'*h)'*x")],
      because:
        "Where df = tr(delta_Z'*dZ) and Z depends on X, dZ is put in and the rules go on: the "
        + "gradient by a layer is found from that by the layer above it.",
      source: "Rumelhart, Hinton & Williams, Learning representations by back-propagating errors "
        + "(1986)",
      example: ("Z = X*W; P = softmax(Z,2); -sum(Y.*log(P))", [], "W")),
    RulePage(
      "name the gradient by a layer", aliases: ["delta"], .networks,
      statement: "delta_Z stands for the gradient of f by the layer Z.",
      because: "It is used by everything below the layer, and worked out once.",
      source: "Nielsen, Neural Networks and Deep Learning, chapter 2"),
    RulePage(
      "name the layers", .networks,
      statement: "Activations and what they act on get names: z1 = W*x, h1 = sigmoid(z1).",
      because: "A formula with networks inside networks cannot be read, and repeats itself.",
      source: "Nielsen, Neural Networks and Deep Learning, chapter 2"),
    RulePage(
      "substitute and simplify", aliases: ["substitute"], .networks,
      statement: "Names are replaced by what they stand for, and the whole is simplified.",
      because: "The answer is stated in the variables of the input alone.",
      source: "the engine's search, by measured length"),
  ]
}
