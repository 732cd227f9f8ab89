/// C = alpha*Σ A*B + beta*C over tensors that lie in memory with any distances of their entries.
///
/// An axis along which C has no distance is summed over; one along which A has none spreads A's
/// entries, and so with B.
struct Contraction: Hashable {
  struct Axis: Hashable {
    var size: Int
    var a: Int
    var b: Int
    var c: Int
  }

  var axes: [Axis]
  var alpha: Double
  /// 0 or 1. Entries that no axis reaches are left alone where it is 1.
  var beta: Double
  /// Whether C is filled with zeros beforehand, because the axes do not reach all of it.
  var clears = false
  /// Whether C is symmetric where the largest axis of A alone and that of B alone are exchanged.
  var isSymmetric = false

  init(
    _ axes: [Axis], alpha: Double, beta: Double, clears: Bool = false, isSymmetric: Bool = false
  ) {
    self.axes = Self.fused(axes)
    self.alpha = alpha
    self.beta = beta
    self.clears = clears
    self.isSymmetric = isSymmetric
  }

  /// The multiplications.
  var count: Int { axes.reduce(1) { $0 * $1.size } }

  /// The same contraction with the operands in an order of their own, so that it is found again.
  func ordered(_ a: Int, _ b: Int) -> (Contraction, [Int]) {
    var exchanged = self
    exchanged.axes = Self.fused(axes.map(\.exchanged))
    let key = axes.flatMap { [$0.a, $0.b] }
    let other = exchanged.axes.flatMap { [$0.a, $0.b] }
    return a < b || a == b && key.lexicographicallyPrecedes(other)
      ? (self, [a, b]) : (exchanged, [b, a])
  }

  /// Axes that follow each other in all three tensors as one, the fastest first.
  private static func fused(_ axes: [Axis]) -> [Axis] {
    func key(_ axis: Axis) -> [Int] { [axis.c, axis.a, axis.b, axis.size] }
    var result: [Axis] = []
    for axis in axes.filter({ $0.size > 1 && !$0.isNowhere }).sorted(by: {
      key($0).lexicographicallyPrecedes(key($1))
    }) {
      if let fast = result.firstIndex(where: { $0.isFollowed(by: axis) }) {
        result[fast].size *= axis.size
      } else {
        result.append(axis)
      }
    }
    return result
  }
}

extension Contraction.Axis {
  fileprivate func isFollowed(by slow: Self) -> Bool {
    slow.a == size * a && slow.b == size * b && slow.c == size * c
  }
}

/// How a contraction is computed: products of matrices by BLAS, or loops over vectors, within loops.
struct ContractionPlan {
  /// The axes of the rows of A, of the columns of B and of the sum over both.
  struct Product {
    var rows: Contraction.Axis
    var columns: Contraction.Axis
    var inner: Contraction.Axis
    /// Whether the result of each is symmetric.
    var isSymmetric: Bool
  }

  var product: Product?
  /// Whether A and B are exchanged.
  private(set) var exchanges = false
  /// The axes that are looped over, the slowest first; sums come last, so that the first term of
  /// each begins anew.
  private(set) var loops: [Contraction.Axis]

  var isProduct: Bool { product != nil }
  /// How many times something is called.
  var pieces: Int { loops.reduce(1) { $0 * $1.size } }

  /// A smaller product costs more to call than it saves.
  private static let smallestProduct = 512

  init(_ contraction: Contraction) {
    loops = []
    var best = Self.smallestProduct - 1
    for exchanged in [false, true] {
      let axes = exchanged ? contraction.axes.map(\.exchanged) : contraction.axes
      for k in axes.indices where axes[k].isInner {
        for m in axes.indices where axes[m].isRow && axes[m].c == 1 {
          guard axes[m].a == 1 || axes[k].a == 1 else { continue }
          for n in axes.indices where axes[n].isColumn {
            guard axes[n].b == 1 || axes[k].b == 1 else { continue }
            let count = axes[m].size * axes[n].size * axes[k].size
            guard count > best else { continue }
            best = count
            product = Product(rows: axes[m], columns: axes[n], inner: axes[k], isSymmetric: false)
            exchanges = exchanged
            loops = axes.indices.filter { $0 != m && $0 != n && $0 != k }.map { axes[$0] }
          }
        }
      }
    }
    if let product {
      self.product?.isSymmetric =
        contraction.isSymmetric && product.rows.size == product.columns.size
        && !loops.contains { $0.isRow || $0.isColumn }
      order()
      return
    }
    loops = contraction.axes
    guard let vector = loops.indices.max(by: { loops[$0].speed < loops[$1].speed }) else { return }
    let inner = loops.remove(at: vector)
    order()
    loops.append(inner)
  }

  private mutating func order() {
    loops.sort { $0.c > $1.c }
  }
}

extension Contraction.Axis {
  fileprivate var isNowhere: Bool { a == 0 && b == 0 && c == 0 }
  fileprivate var isInner: Bool { a != 0 && b != 0 && c == 0 }
  fileprivate var isRow: Bool { a != 0 && b == 0 && c != 0 }
  fileprivate var isColumn: Bool { a == 0 && b != 0 && c != 0 }
  fileprivate var exchanged: Self { Self(size: size, a: b, b: a, c: c) }

  /// How much a loop over it does: where entries are neighbours, as vectors.
  fileprivate var speed: Int { max(a, b, c) <= 1 ? 4 * size : size }
}
