import Evaluation
import Verification

/// A random expression of Kronecker products, commutations, diagonal and other structured matrices
/// at literal sizes.
struct KroneckerExpression {
  private(set) var text = ""
  private(set) var declarations: [String] = []
  private var count = 0
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    let sizes = [1, 2, 3, 4, 6, 12]
    text = matrix(sizes[pick(sizes.count)], sizes[pick(sizes.count)], depth: 4)
  }

  private mutating func pick(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }

  private mutating func divisor(of n: Int) -> Int {
    let divisors = (1...n).filter { n % $0 == 0 }
    return divisors[pick(divisors.count)]
  }

  private mutating func leaf(_ m: Int, _ n: Int) -> String {
    // Sometimes one that is there already.
    let type = m == 1 && n == 1 ? "scalar" : "matrix(\(m),\(n))"
    let known = declarations.filter { $0.hasSuffix(": \(type)") }
    if !known.isEmpty, pick(2) == 0 {
      return String(known[pick(known.count)].prefix { $0 != ":" })
    }
    count += 1
    declarations.append("A\(count): \(type)")
    return "A\(count)"
  }

  private mutating func matrix(_ m: Int, _ n: Int, depth: Int) -> String {
    guard depth > 0 else { return leaf(m, n) }
    let below = depth - 1
    switch pick(m == n && m > 1 ? 14 : 10) {
    case 0, 1, 2:
      let (p, q) = (divisor(of: m), divisor(of: n))
      let left = matrix(p, q, depth: below)
      return "kron(\(left), \(matrix(m / p, n / q, depth: below)))"
    case 3, 4, 5:
      let inner = [1, 2, 4, 6][pick(4)]
      let left = matrix(m, inner, depth: below)
      return "(\(left))*(\(matrix(inner, n, depth: below)))"
    case 6:
      let left = matrix(m, n, depth: below)
      return "(\(left)) \(pick(2) == 0 ? "+" : "-") (\(matrix(m, n, depth: below)))"
    case 7: return "(\(matrix(n, m, depth: below)))'"
    case 8:
      let p = divisor(of: m)
      let left = matrix(p, n, depth: below)
      return "khatrirao(\(left), \(matrix(m / p, n, depth: below)))"
    case 9:
      let left = matrix(m, n, depth: below)
      return pick(2) == 0
        ? "(\(left)).*(\(matrix(m, n, depth: below)))" : "\(1 + pick(3))*(\(left))"
    case 10: return "eye(\(m))"
    case 11:
      let p = divisor(of: m)
      return "diag(vec(\(matrix(p, m / p, depth: below))))"
    case 12:
      let p = divisor(of: m)
      return "commutation(\(p),\(m / p))"
    default: return "sym(\(matrix(m, m, depth: below)))"
    }
  }
}
