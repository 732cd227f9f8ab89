/// The cheapest order in which the tensors of a network are contracted two at a time, by dynamic
/// programming over subsets (Pfeifer, Haegeman and Verstraete, Faster identification of optimal
/// contraction sequences for tensor networks, Physical Review E 90, 2014).
struct ContractionOrder {
  typealias Labels = UInt64

  let network: TensorNetwork
  /// The labels of each tensor.
  private let labels: [Labels]
  private let open: Labels
  /// The tensor and the label that each becomes where rows and columns are exchanged.
  let mirror: NetworkMirror?
  /// The best parts of each subset of tensors.
  private(set) var parts: [Int]
  private(set) var cost: [Double]

  /// More tensors than this are too many subsets, and more labels than bits.
  static let tensorLimit = 9
  static let labelLimit = 60

  /// Nanoseconds for a multiplication and an addition in a product of large matrices, for an entry
  /// that is multiplied on its own, for an entry that is written, and for a call.
  private enum Time {
    static let product = 0.025
    static let entry = 0.5
    static let store = 0.3
    static let call = 150.0
  }

  /// - Parameter strides: the distances of entries in the result, by label, if they are given.
  init(
    _ network: TensorNetwork, strides: [Int]? = nil, isSymmetric: (Int) -> Bool
  ) {
    self.network = network
    labels = network.tensors.map { tensor in
      tensor.axes.reduce(0) { $0 | (1 << Labels($1.label)) }
    }
    open = network.open.reduce(0) { $0 | (1 << Labels($1)) }
    mirror = NetworkMirror(network, isSymmetric: isSymmetric)
    let count = 1 << network.tensors.count
    parts = [Int](repeating: 0, count: count)
    cost = [Double](repeating: .infinity, count: count)
    for tensor in network.tensors.indices { cost[1 << tensor] = 0 }
    var visible = [Labels](repeating: 0, count: count)
    for subset in 1..<max(count, 1) { visible[subset] = kept(subset) }
    for subset in 1..<max(count, 1) where subset.nonzeroBitCount > 1 {
      let lowest = subset & -subset
      var part = (subset - 1) & subset
      while part > 0 {
        if part & lowest != 0 {
          let rest = subset ^ part
          var total =
            cost[part] + cost[rest] + time(visible[part], visible[rest], visible[subset], subset)
          if subset == count - 1, let strides {
            let (left, right) = (visible[part], visible[rest])
            if !isRun(left & ~right & open, strides) || !isRun(right & ~left & open, strides) {
              total += moving(open)
            }
          }
          if total < cost[subset] { (cost[subset], parts[subset]) = (total, part) }
        }
        part = (part - 1) & subset
      }
    }
  }

  /// The labels that a subset of tensors leaves: those that others have or that are open.
  func kept(_ subset: Int) -> Labels {
    var (own, others) = (Labels(0), open)
    for tensor in labels.indices {
      if subset & (1 << tensor) != 0 { own |= labels[tensor] } else { others |= labels[tensor] }
    }
    return own & others
  }

  func count(_ labels: Labels) -> Double {
    var (rest, total) = (labels, 1.0)
    while rest != 0 {
      total *= Double(network.sizes[rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return total
  }

  /// Whether the entries along some labels follow each other at one distance.
  private func isRun(_ labels: Labels, _ strides: [Int]) -> Bool {
    let own = network.sizes.indices.filter { labels & (1 << Labels($0)) != 0 }
      .sorted { strides[$0] < strides[$1] }
    return zip(own, own.dropFirst()).allSatisfy { fast, slow in
      strides[slow] == network.sizes[fast] * strides[fast]
    }
  }

  /// The time for moving entries from one place to another.
  private func moving(_ labels: Labels) -> Double { Time.entry * count(labels) }

  /// Whether a subset is its own mirror image.
  func isMirrored(_ subset: Int) -> Bool { mirror?.keeps(subset) ?? false }

  private func time(_ a: Labels, _ b: Labels, _ c: Labels, _ subset: Int) -> Double {
    let store = Time.store * count(c)
    let inner = (a | b) & ~c
    guard inner != 0 else { return Time.entry * count(c) + store + Time.call }
    let m = count(a & ~b & c)
    let n = count(b & ~a & c)
    let k = count(inner)
    let batch = count(a & b & c)
    // Narrow products are slower.
    var product = batch * m * n * k * Time.product * (1 + 8 / m + 8 / n + 4 / k)
    if m == n, m > 64, isMirrored(subset) { product *= 0.6 }
    return product + batch * Time.call + store
  }
}
