import Differentiation
import ExpressionCore
import ExpressionLanguage
import Rewriting

private let magnus = "Magnus & Neudecker, Matrix Differential Calculus"
private let cookbook = "Petersen & Pedersen, The Matrix Cookbook (2012)"
private let giles = "Giles, Collected matrix derivative results for forward and reverse mode (2008)"

extension RulePage {
  /// One page for each operation that the engine has a differential of: the statement is the
  /// engine's own.
  static let operations: [RulePage] =
    [squaredNorm] + merged(Primitive.allCases.compactMap { operation($0) })

  /// Operations with one name, such as those that obey the power rule, share a page.
  private static func merged(_ pages: [RulePage]) -> [RulePage] {
    var result: [RulePage] = []
    for page in pages {
      guard let place = result.firstIndex(where: { $0.name == page.name }) else {
        result.append(page)
        continue
      }
      let first = result[place]
      result[place] = RulePage(
        first.name, aliases: first.aliases + page.aliases, first.topic,
        declare: first.declarations,
        varying: first.varying + page.varying.filter { !first.varying.contains($0) },
        first.equations + page.equations,
        because: first.reason, source: first.source, example: first.example)
    }
    return result
  }

  private static let squaredNorm = RulePage(
    "squared norm", aliases: ["least squares", "norm squared"], .operations,
    declare: ["x: vector(n)"], varying: ["x", "X"],
    [
      Equation("d(norm2(x)^2)", "2*x'*dx"), Equation("d(norm2(X)^2)", "2*tr(X'*dX)"),
    ],
    because:
      "norm2(x)^2 = x'*x, the product rule gives dx'*x + x'*dx, and these are each other's "
      + "transposes.",
    source: "\(cookbook) (131)", example: ("norm2(A*x - b)^2", ["b: vector(m)"], "x"))

  private static func operation(_ primitive: Primitive) -> RulePage? {
    guard let details = details(primitive), let right = statement(details)
    else { return nil }
    return RulePage(
      Rule.differential(primitive).name, aliases: [primitive.rawName, primitive.rawValue],
      .operations, declare: details.declare, varying: [details.variable],
      [Equation("d(\(details.input))", right)], because: details.reason, source: details.source)
  }

  /// What the engine's rule says of an operation.
  private static func statement(_ details: Details) -> String? {
    guard let typed = try? Language.elaborate(details.input, declarations: details.declare),
      let index = typed.variables.firstIndex(where: { $0.name == details.variable })
    else { return nil }
    let workbook = Workbook(typed, wrt: index, keepsStructure: true)
    let varying = workbook.result.varyingNames
    return workbook.differential(of: workbook.result, varying: varying).flatMap {
      workbook.closed($0)?.text
    }
  }

  private struct Details {
    let input: String
    var declare: [String] = []
    var variable = "X"
    let reason: String
    let source: String
  }

  private static func details(_ primitive: Primitive) -> Details? {
    let name = primitive.rawValue
    switch primitive {
    case .inv:
      return Details(
        input: "inv(X)",
        reason:
          "inv(X)*X = I does not change, so d(inv(X))*X + inv(X)*dX = 0; multiply by inv(X) from "
          + "the right. The order matters: X and dX do not commute.",
        source: "\(magnus), section 8.4; \(cookbook) (40)")
    case .det:
      return Details(
        input: "det(X)",
        reason: "The determinant is linear in each entry, with the cofactor as its factor, and the "
          + "matrix of cofactors is det(X)*inv(X)' (Jacobi's formula).",
        source: "\(magnus), section 8.3; \(cookbook) (42)")
    case .logdet:
      return Details(
        input: "logdet(X)",
        reason: "d log|det X| = d det(X)/det(X), and Jacobi's formula has the factor det(X), which "
          + "cancels.",
        source: "\(magnus), section 8.3; \(cookbook) (43)")
    case .pinv:
      return Details(
        input: "pinv(X)", declare: ["X: matrix(m,n)"],
        reason:
          "Differentiate pinv(X) = inv(X'*X)*X', which holds where X has full column rank, by "
          + "the product rule and the rule of the inverse.",
        source: "\(magnus), section 8.5; Golub & Pereyra (1973)")
    case .chol:
      return Details(
        input: "chol(X)", declare: ["X: spd(n)"],
        reason:
          "From L*L' = X: inv(L)*dL + (inv(L)*dL)' = inv(L)*dX*inv(L)', and inv(L)*dL is lower "
          + "triangular, so it is the lower half, with half of the diagonal.",
        source: "Smith, Differentiation of the Cholesky algorithm (1995); Murray (2016)")
    case .eigvals:
      return Details(
        input: "eigvals(X)", declare: ["X: symmetric(n)"],
        reason:
          "X*v = l*v with v'*v = 1: multiply its differential by v' from the left, and what has "
          + "dv in it cancels.",
        source: "\(magnus), section 8.9; \(cookbook) (67)")
    case .eigvecs:
      return Details(
        input: "eigvecs(X)", declare: ["X: symmetric(n)"],
        reason:
          "dV = V*C with C skew; off the diagonal C[i,j] = (V'*dX*V)[i,j]/(l[j] - l[i]), from the "
          + "differential of X*V = V*diag(l).",
        source: "\(magnus), section 8.9; \(giles), section 3.1")
    case .lambdamax, .lambdamin:
      return Details(
        input: "\(name)(X)", declare: ["X: symmetric(n)"],
        reason:
          "An eigenvalue changes by v'*dX*v with its unit eigenvector v: dv is normal to v and "
          + "drops out.",
        source: "\(magnus), section 8.9; \(cookbook) (67)")
    case .svdvals:
      return Details(
        input: "svdvals(X)", declare: ["X: matrix(m,n)"],
        reason:
          "From X = U*diag(s)*V': the diagonal of U'*dX*V is ds, since U'*dU and V'*dV are skew "
          + "and have a zero diagonal.",
        source: "\(giles), section 3.3")
    case .nucnorm, .specnorm, .svdu, .svdv, .qrq, .qrr, .lul, .luu:
      return Details(
        input: "\(name)(X)", declare: ["X: matrix(m,n)"],
        reason:
          "Differentiate the factorization that defines it, and use the structure of the factors: "
          + "orthonormal columns make U'*dU skew, triangular factors stay triangular.",
        source: "\(giles), section 3")
    case .expm, .logm, .sqrtm, .sinm, .cosm:
      return Details(
        input: "\(name)(X)", declare: ["X: matrix(n,n)"],
        reason: "X and dX do not commute, so that the derivative of the function of numbers is not "
          + "enough: it is the Fréchet derivative, linear in dX.",
        source: "Higham, Functions of Matrices (2008), chapter 3")
    case .softmax:
      return Details(
        input: "softmax(X)", declare: ["X: vector(n)"],
        reason:
          "log s = x - logsumexp(x), so ds./s = dx - s'*dx: every entry grows with its own x and "
          + "shrinks with the mean of all.",
        source: "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4")
    case .logsumexp:
      return Details(
        input: "logsumexp(X)", declare: ["X: vector(n)"],
        reason:
          "d log(sum(exp(x))) = sum(exp(x).*dx)/sum(exp(x)), and exp(x)/sum(exp(x)) is softmax.",
        source: "Boyd & Vandenberghe, Convex Optimization (2004), section 3.1.5")
    case .norm2, .normF:
      return Details(
        input: "\(name)(X)",
        reason:
          "The square of the norm is tr(X'*X), whose differential is 2*tr(X'*dX); the square root "
          + "divides it by twice the norm.",
        source: "\(cookbook) (129)")
    case .norm1, .norminf, .normp, .maximum, .minimum, .prod:
      let input = primitive == .normp ? "normp(X,p)" : "\(primitive.rawName)(X)"
      return Details(
        input: input,
        declare: primitive == .normp ? ["X: vector(n)", "p: scalar"] : ["X: vector(n)"],
        reason: "Entry by entry, away from the points where entries are zero or tie.",
        source: "Boyd & Vandenberghe, Convex Optimization (2004), appendix A")
    case .power:
      return Details(
        input: "x^2", declare: ["x: scalar"], variable: "x",
        reason: "x^a = exp(a*log(x)); of a square matrix X^2 it is the product rule, dX*X + X*dX.",
        source: "\(magnus), section 8.2")
    case .elementwisePower:
      return Details(
        input: "X.^a",
        reason: "The power rule of numbers, in every entry by itself.",
        source: "\(magnus), section 8.2")
    default:
      guard case .elementwise = primitive.rule.derivative else {
        return definedElementwise(primitive)
      }
      return elementwise(name)
    }
  }

  private static func elementwise(_ name: String) -> Details {
    Details(
      input: "\(name)(X)",
      reason:
        "The function acts on every entry by itself, so each entry of dX is multiplied by the "
        + "derivative at that entry.",
      source: "\(magnus), section 5.4, entry by entry")
  }

  /// Functions of one argument that are written through others.
  private static func definedElementwise(_ primitive: Primitive) -> Details? {
    switch primitive {
    case .expm1, .log1p, .log2, .log10, .sqrt, .square, .erfc, .silu, .gelu:
      elementwise(primitive.rawValue)
    case .solve:
      Details(
        input: "solve(X,B)", declare: ["X: matrix(n,n)", "B: matrix(n,p)"],
        reason: "X*Y = B gives dX*Y + X*dY = 0: solve again, with dX*Y on the right.",
        source: "\(giles), section 2.3.1")
    case .logsoftmax:
      Details(
        input: "logsoftmax(X)", declare: ["X: vector(n)"],
        reason:
          "logsoftmax(x) = x - logsumexp(x), and the differential of logsumexp is softmax(x)'*dx.",
        source: "Boyd & Vandenberghe, Convex Optimization (2004), section 3.1.5")
    default: nil
    }
  }
}
