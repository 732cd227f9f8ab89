import ExpressionCore
import ExpressionLanguage
import TapeSupport

@testable import Verification

/// A function, a right derivative, and wrong ones.
struct ClaimCase: Sendable, CustomStringConvertible {
  let description: String
  let function: TypedInput
  let wrt: String
  var secondWrt: String?
  let kind: ClaimKind
  var options = ClaimOptions()
  let right: TypedInput
  let wrong: [TypedInput]
}

typealias Build = @Sendable (TapeBuilder) -> Term

private func tape(_ build: Build) -> TypedInput {
  let builder = TapeBuilder()
  return builder.input(build(builder))
}

private func make(
  _ description: String, _ wrt: String, second: String? = nil, _ kind: ClaimKind,
  options: ClaimOptions = ClaimOptions(), _ function: Build, right: Build, wrong: Build...
) -> ClaimCase {
  // A wrong sign and a wrong factor of every right claim, besides those given.
  let common = [tape { -right($0) }, tape { 2 * right($0) }]
  return ClaimCase(
    description: description, function: tape(function), wrt: wrt, secondWrt: second, kind: kind,
    options: options, right: tape(right), wrong: common + wrong.map(tape))
}

private func options(_ change: (inout ClaimOptions) -> Void) -> ClaimOptions {
  var options = ClaimOptions()
  change(&options)
  return options
}

// MARK: The variables, by name

private func x(_ b: TapeBuilder) -> Term { b.variable("x", "n", 1) }
private func a(_ b: TapeBuilder) -> Term { b.variable("A", "n", "n") }
private func big(_ b: TapeBuilder, _ type: StructureType? = nil) -> Term {
  b.variable("X", "n", "n", type)
}
private func stiefel(_ b: TapeBuilder) -> Term { b.variable("Q", "n", "p", .stiefel) }

/// `tr(A*X)` by a structured X.
private func trace(_ type: StructureType) -> Build {
  { b in (a(b) * big(b, type)).reduce(.tr) }
}

/// `tr(Q'*A*Q*diag(1:p))`-like: `tr(B'*Q)` with B of Q's shape.
private func linearInQ(_ b: TapeBuilder) -> Term {
  let c = b.variable("B", "n", "p")
  return (c.t * stiefel(b)).reduce(.tr)
}

let claimCases: [ClaimCase] = [
  make(
    "x'Ax", "x", .gradient,
    { b in
      let x = x(b); return x.t * a(b) * x
    },
    right: { b in
      let (x, a) = (x(b), a(b)); return (a + a.t) * x
    },
    wrong: { b in 2 * (a(b) * x(b)) },
    { b in
      let (x, a) = (x(b), a(b)); return ((a + a.t) * x).t
    }),
  make(
    "x'Ax, numerator layout", "x", .gradient, options: options { $0.layout = .numerator },
    { b in
      let x = x(b); return x.t * a(b) * x
    },
    right: { b in
      let (x, a) = (x(b), a(b)); return x.t * (a + a.t)
    },
    wrong: { b in
      let (x, a) = (x(b), a(b)); return (a + a.t) * x
    }),
  make(
    "log(det(X))", "X", .gradient, { b in big(b).reduce(.det).apply(.log) },
    right: { b in big(b).apply(.inv).t }, wrong: { b in big(b).apply(.inv) }),
  make(
    "tr(X'X)", "X", .gradient,
    { b in
      let x = b.variable("X", "m", "n"); return (x.t * x).reduce(.tr)
    },
    right: { b in 2 * b.variable("X", "m", "n") },
    wrong: { b in 2 * b.variable("X", "m", "n").t }),
  make(
    "inv(X'X) of a tall X", "X", .gradient,
    { b in
      let x = b.variable("X", "m", "n"); return (x.t * x).apply(.inv).reduce(.tr)
    },
    right: { b in
      let x = b.variable("X", "m", "n")
      let inverse = (x.t * x).apply(.inv)
      return -2 * (x * inverse * inverse)
    }),
  make(
    "sum(log(1 - x'x))", "x", .gradient,
    { b in
      let x = x(b); return (b.number(1) - x.t * x).apply(.log)
    },
    right: { b in
      let x = x(b); return (-2 * x) / (b.number(1) - x.t * x)
    }),
  make(
    "sum(abs(x))", "x", .gradient, { b in x(b).apply(.abs).reduce(.sum) },
    right: { b in x(b).apply(.sign) }, wrong: { b in x(b).apply(.relu).apply(.sign) }),
  make(
    "f constant in x", "x", .gradient,
    { b in
      let x = x(b); return (x - x).reduce(.sum) + b.number(3)
    },
    right: { b in
      let x = x(b); return x - x
    }
  ).onlyRight([{ b in x(b) }]),
  make(
    "x*a by the scalar", "a", .derivative,
    { b in b.variable("x", "n", 1) * b.variable("a").apply(.sin) },
    right: { b in b.variable("x", "n", 1) * b.variable("a").apply(.cos) },
    wrong: { b in (b.variable("x", "n", 1) * b.variable("a").apply(.cos)).t }),
  make(
    "A*x", "x", .jacobian, { b in b.variable("A", "m", "n") * x(b) },
    right: { b in b.variable("A", "m", "n") }, wrong: { b in b.variable("A", "m", "n").t }),
  make(
    "A*x, transposed Jacobian", "x", .jacobian,
    options: options { $0.layout = .jacobianTransposed },
    { b in b.variable("A", "m", "n") * x(b) },
    right: { b in b.variable("A", "m", "n").t }, wrong: { b in b.variable("A", "m", "n") }),
  make(
    "A*X*B by X", "X", .jacobian,
    { b in b.variable("A", "k", "m") * b.variable("X", "m", "n") * b.variable("B", "n", "p") },
    right: { b in b.variable("B", "n", "p").t.kron(b.variable("A", "k", "m")) },
    wrong: { b in b.variable("A", "k", "m").kron(b.variable("B", "n", "p").t) }),
  make(
    "X*X for a symmetric X is that of the plain matrix", "X", .jacobian,
    { b in
      let x = big(b, .symmetric); return x * x
    },
    right: { b in
      let x = big(b, .symmetric)
      let one = b.apply(.eye, shape: Shape("n", "n"))
      return one.kron(x) + x.t.kron(one)
    },
    wrong: { b in
      let x = big(b, .symmetric)
      return 2 * b.apply(.eye, shape: Shape("n", "n")).kron(x)
    }),
  make(
    "inv(X), the differential", "X", .differential(direction: "dX"), { b in big(b).apply(.inv) },
    right: { b in
      let inverse = big(b).apply(.inv)
      return -(inverse * b.variable("dX", "n", "n") * inverse)
    },
    wrong: { b in
      let inverse = big(b).apply(.inv)
      return -(inverse * b.variable("dX", "n", "n").t * inverse)
    }),
  make(
    "tr(X*X) on rotations, the differential", "Q", .differential(direction: "dQ"), linearInQ,
    right: { b in
      let c = b.variable("B", "n", "p")
      return (c.t * b.variable("dQ", "n", "p")).reduce(.tr)
    }),
  make(
    "x'Ax, the Hessian", "x", .hessian,
    { b in
      let x = x(b); return x.t * a(b) * x
    },
    right: { b in
      let a = a(b); return a + a.t
    }, wrong: { b in 2 * a(b) }),
  make(
    "x'Ay, the mixed block", "x", second: "y", .hessian,
    { b in x(b).t * b.variable("A", "n", "m") * b.variable("y", "m", 1) },
    right: { b in b.variable("A", "n", "m") }, wrong: { b in b.variable("A", "n", "m").t }),
  make(
    "sum(exp(x)), the Hessian's product", "x", .hessianProduct(direction: "V"),
    { b in x(b).apply(.exp).reduce(.sum) },
    right: { b in x(b).apply(.exp).hadamard(b.variable("V", "n", 1)) },
    wrong: { b in x(b).hadamard(b.variable("V", "n", 1)) }),
  make(
    "tr(A*X), symmetric", "X", .gradient, trace(.symmetric),
    right: { b in a(b).apply(.sym) }, wrong: { b in a(b).t }),
  make(
    "tr(A*X), symmetric, by the entries", "X", .gradient,
    options: options { $0.symmetricEntries = true },
    trace(.symmetric),
    right: { b in
      let a = a(b)
      let diagonal = a.apply(.diagonal, shape: Shape("n", 1)).apply(.diag, shape: Shape("n", "n"))
      return a + a.t - diagonal
    },
    wrong: { b in a(b).apply(.sym) },
    { b in
      let a = a(b); return a + a.t
    }),
  make(
    "tr(A*X), symmetric, unstructured", "X", .gradient, options: options { $0.unstructured = true },
    trace(.symmetric), right: { b in a(b).t }, wrong: { b in a(b).apply(.sym) }),
  make(
    "tr(A*X), skew", "X", .gradient, trace(.skew), right: { b in a(b).t.apply(.skew) },
    wrong: { b in a(b).t }, { b in a(b).apply(.skew) }),
  make(
    "tr(A*X), lower", "X", .gradient, trace(.lower), right: { b in a(b).t.apply(.tril) },
    wrong: { b in a(b).t }, { b in a(b).apply(.triu) }),
  make(
    "tr(A*X), upper", "X", .gradient, trace(.upper), right: { b in a(b).t.apply(.triu) },
    wrong: { b in a(b).t }),
  make(
    "logdet(X), spd, affine", "X", .gradient, options: options { $0.metric = .affine },
    { b in big(b, .spd).reduce(.logdet) }, right: { b in big(b, .spd) },
    wrong: { b in big(b, .spd).apply(.inv) }),
  make(
    "tr(B'Q), Stiefel, euclidean", "Q", .gradient, linearInQ,
    right: { b in
      let (c, q) = (b.variable("B", "n", "p"), stiefel(b))
      return c - q * (q.t * c).apply(.sym)
    },
    wrong: { b in b.variable("B", "n", "p") }),
  make(
    "tr(B'Q), Stiefel, canonical", "Q", .gradient, options: options { $0.metric = .canonical },
    linearInQ,
    right: { b in
      let (c, q) = (b.variable("B", "n", "p"), stiefel(b))
      return c - q * c.t * q
    },
    wrong: { b in
      let (c, q) = (b.variable("B", "n", "p"), stiefel(b))
      return c - q * (q.t * c).apply(.sym)
    }),
  make(
    "prod of a simplex", "s", .gradient,
    { b in b.variable("s", "n", 1, .simplex).apply(.log).reduce(.sum) },
    right: { b in b.variable("s", "n", 1, .simplex).power(elementwise: -1) }),
]

extension ClaimCase {
  /// Replaces the common wrong claims where they are right as well.
  func onlyRight(_ wrong: [Build]) -> ClaimCase {
    ClaimCase(
      description: description, function: function, wrt: wrt, secondWrt: secondWrt, kind: kind,
      options: options, right: right, wrong: wrong.map(tape))
  }
}

extension Term {
  fileprivate func power(elementwise exponent: Double) -> Term {
    builder.apply(.elementwisePower, [self, builder.number(exponent)], shape: shape)
  }
}
