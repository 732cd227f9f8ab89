import Evaluation
import Verification

/// Random scalar functions of `x`, `y` (vectors of one size), `s`, `t` (positive scalars) and `S`
/// (positive definite), made of the pieces of convex functions: some are convex, some are not.
struct RandomConvexTerm {
  private var random: SplitMix64

  static let declarations = [
    "x: vector(n)", "y: vector(n)", "h: positive vector(n)", "s: positive scalar",
    "t: positive scalar", "c: positive scalar", "a: scalar", "p: simplex(n)", "A: matrix(m,n)",
    "B: matrix(m,n)", "b: vector(m)", "S: spd(n)", "M: spd(n)", "P: psd(n)",
    "N: nonnegative matrix(m,n)",
  ]
  /// The variables that may move.
  static let variables = ["x", "y", "h", "s", "t", "S", "p"]

  static func text(seed: UInt64) -> (input: String, wrt: [String]) {
    var generator = RandomConvexTerm(random: SplitMix64(seed: seed))
    while true {
      let input = generator.scalar(depth: 3)
      let words = Set(input.split { !$0.isLetter && !$0.isNumber }.map(String.init))
      let used = variables.filter(words.contains).shuffled(using: &generator.random)
      if used.isEmpty { continue }
      return (input, Array(used.prefix(generator.pick(1...3))))
    }
  }

  private mutating func pick(_ range: ClosedRange<Int>) -> Int {
    .random(in: range, using: &random)
  }

  private mutating func pick(_ choices: [String]) -> String {
    choices[pick(0...(choices.count - 1))]
  }

  private mutating func scalar(depth: Int) -> String {
    guard depth > 0 else {
      return pick(["s", "t", "b'*A*x", "sum(h)", "x'*y", "c", "norm2(x)", "x'*M*x", "p'*y", "2"])
    }
    func f(_ generator: inout Self) -> String { generator.scalar(depth: depth - 1) }
    func v(_ generator: inout Self) -> String { generator.vector(depth: depth - 1) }
    let u = f(&self)
    let w = v(&self)
    switch pick(0...33) {
    case 0: return "exp(\(u))"
    case 1: return "log(\(u))"
    case 2: return "(\(u))^2"
    case 3: return "sqrt(\(u))"
    case 4: return "1/(\(u))"
    case 5: return "abs(\(u))"
    case 6: return "-(\(u))"
    case 7: return "(\(u))^3"
    case 8: return "(\(u)) + (\(f(&self)))"
    case 9: return "(\(u)) - c*(\(f(&self)))"
    case 10: return "(\(u))*(\(f(&self)))"
    case 11: return "(\(u))/(\(f(&self)))"
    case 12: return "norm2(\(w))"
    case 13: return "norm2(\(w))^2"
    case 14: return "norm1(\(w))"
    case 15: return "sum(\(w))"
    case 16: return "logsumexp(\(w))"
    case 17: return "max(\(w))"
    case 18: return "min(\(w))"
    case 19: return "max(0, \(u))"
    case 20: return "(\(w))'*M*(\(w))"
    case 21: return "(\(w))'*inv(S)*(\(w))"
    case 22: return "logdet(S + \(pick(["M", "x*x'", "diag(h)", "P", "c*eye(n)"])))"
    case 23: return "tr(inv(S)*\(pick(["P", "M", "x*x'", "S"])))"
    case 24: return "sum((\(w)).*log(\(v(&self))))"
    case 25: return "sum(h.*(\(w)))"
    case 26: return "(\(u))^(\(pick(["1/2", "3/2", "-1/2", "-2", "4", "1/3"])))"
    case 27: return "softplus(\(u))"
    case 28: return "relu(\(u))^2"
    case 29: return "normp(\(w), \(pick(["3", "4", "3/2"])))"
    case 30: return "(\(w))'*(\(v(&self)))"
    case 31: return "log(sum(N*exp(\(w))))"
    case 32: return "\(pick(["lambdamax", "lambdamin", "nucnorm", "det"]))(S + diag(\(w)))"
    default: return "s*(\(u))/t"
    }
  }

  private mutating func vector(depth: Int) -> String {
    guard depth > 0 else {
      return pick(["x", "h", "x - y", "p", "M*x", "x/t", "h.*y", "A'*b - x"])
    }
    let w = vector(depth: depth - 1)
    switch pick(0...14) {
    case 0: return "exp(\(w))"
    case 1: return "log(\(w))"
    case 2: return "(\(w)).^2"
    case 3: return "abs(\(w))"
    case 4: return "softplus(\(w))"
    case 5: return "relu(\(w))"
    case 6: return "sqrt(\(w))"
    case 7: return "1./(\(w))"
    case 8: return "(\(w)) + (\(vector(depth: depth - 1)))"
    case 9: return "(\(w)).*(\(vector(depth: depth - 1)))"
    case 10: return "softmax(\(w))"
    case 11: return "sigmoid(\(w))"
    case 12: return "M*(\(w))"
    case 13: return "max(\(w), \(vector(depth: depth - 1)))"
    default: return "(\(w))*(\(scalar(depth: depth - 1)))"
    }
  }
}
