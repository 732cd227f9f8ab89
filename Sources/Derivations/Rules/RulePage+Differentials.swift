private let fundamental = "Magnus & Neudecker, Matrix Differential Calculus, section 8.2"
private let cookbook = "Petersen & Pedersen, The Matrix Cookbook (2012)"

extension RulePage {
  /// The rules that hold whatever is differentiated.
  static let differentials: [RulePage] = [
    RulePage(
      "take the differential", aliases: ["differential", "start"], .differentials,
      statement:
        "df is the part of f(X + dX) - f(X) that is linear in dX. Whatever f and X are, df has the "
        + "shape of f.",
      because:
        "A derivative of a matrix by a matrix has four indices; the differential has the two of f, "
        + "and keeps factors in their order. The derivative is read off it in the end.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, chapters 5 and 9"),
    RulePage(
      "sum rule", aliases: ["sum"], .differentials, varying: ["X", "Y"],
      [Equation("d(X + Y)", "dX + dY"), Equation("d(X - Y)", "dX - dY")],
      because:
        "(X + dX) + (Y + dY) exceeds X + Y by dX + dY exactly. Terms without the variable drop out.",
      source: "\(cookbook) (35); \(fundamental)", example: ("x'*x + a'*x", ["a: vector(n)"], "x")),
    RulePage(
      "constants stay", aliases: ["constant factor", "constant"], .differentials, varying: ["X"],
      [Equation("d(c*X)", "c*dX"), Equation("d(A*X*B)", "A*dX*B")],
      because:
        "What does not vary is a number or a matrix like any other; the product is linear in X, so "
        + "the differential passes through to it. Each factor keeps its side.",
      source: "\(cookbook) (34); \(fundamental)", example: ("tr(A*X)", [], "X")),
    RulePage(
      "differential of a transpose", aliases: ["transpose", "differential of the transpose"],
      .differentials,
      varying: ["X"], [Equation("d(X')", "dX'")],
      because: "Transposing only moves entries about: it is linear, and dX is moved like X.",
      source: "\(cookbook) (44); \(fundamental)"),
    RulePage(
      "linear operations", aliases: ["linearity", "linear", "the trace is linear"], .differentials,
      declare: ["X: matrix(n,n)"], varying: ["X"],
      [
        Equation("d(tr(X))", "tr(dX)"), Equation("d(sum(X))", "sum(dX)"),
        Equation("d(diag(X))", "diag(dX)"), Equation("d(vec(X))", "vec(dX)"),
      ],
      because:
        "L(X + dX) = L(X) + L(dX) for every linear operation L, so what is linear in dX is L(dX), "
        + "with nothing left over.",
      source: "\(cookbook) (36); \(fundamental)", example: ("tr(A*X)", [], "X")),
    RulePage(
      "product rule", aliases: ["product", "leibniz"], .differentials, varying: ["X", "Y"],
      [Equation("d(X*Y)", "dX*Y + X*dY")],
      because:
        "(X + dX)(Y + dY) = XY + dX Y + X dY + dX dY, and the last term is of second order. Matrices "
        + "do not commute: each factor stays where it stands.",
      source: "\(cookbook) (37); \(fundamental)", example: ("x'*A*x", [], "x")),
    RulePage(
      "product rule, elementwise", aliases: ["elementwise product", "hadamard"], .differentials,
      varying: ["X", "Y"], [Equation("d(X.*Y)", "dX.*Y + X.*dY")],
      because: "The product rule of numbers, in every entry by itself.",
      source: "\(cookbook) (38)", example: ("sum(x.*sin(x))", [], "x")),
    RulePage(
      "quotient rule", aliases: ["quotient"], .differentials,
      declare: ["s: scalar", "t: scalar"], varying: ["s", "t"],
      [Equation("d(s/t)", "ds/t - s/t^2*dt")],
      because:
        "The product rule for s and 1/t, where d(1/t) = -dt/t^2. Elementwise it is the same.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 5.4",
      example: ("x'*A*x/(x'*x)", [], "x")),
    RulePage(
      "chain rule", aliases: ["cauchy's rule", "composition", "invariance"], .differentials,
      declare: ["x: vector(n)"], varying: ["x"],
      [
        Equation("d(sigmoid(A*x))", "sigmoid(A*x).*(1 - sigmoid(A*x)).*(A*dx)"),
        Equation("d(log(1 + exp(A*x)))", "sigmoid(A*x).*(A*dx)"),
      ],
      because:
        "d f(u) = f'(u) du holds whether u is a variable or itself a function (Cauchy's rule of "
        + "invariance), so that differentials are worked out from the outside in.",
      source: "Magnus & Neudecker, Matrix Differential Calculus, section 5.12",
      example: ("sum(log(1 + exp(A*x)))", [], "x")),
    RulePage(
      "rules of differentials", aliases: ["all rules"], .differentials,
      statement: "All rules above at once.",
      because:
        "Where single moves would fill pages, the differential is shown as the engine has it. The "
        + "line is checked like every other one.",
      source: fundamental),
  ]
}
