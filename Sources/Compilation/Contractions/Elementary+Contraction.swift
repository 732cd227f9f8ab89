import CKernels
import ExpressionCore

/// Networks as values: contractions of two tensors at a time.
extension Elementary {
  typealias Tensor = TensorNetwork.Tensor
  typealias Labels = ContractionOrder.Labels

  /// What a contraction adds to.
  private struct Target {
    var rows: Int
    var columns: Int
    var shape: Shape
    /// By label, 0 for those that are summed over.
    var strides: [Int]
    var previous: Int?
    /// Whether what is there already is symmetric.
    var isSymmetric: Bool
  }

  // MARK: Sums

  /// The entries of a sum of networks, column by column.
  mutating func materialised(
    _ sum: [TensorNetwork], rows: Int, columns: Int, shape: Shape
  ) -> Int {
    if sum.count == 1, let value = plain(sum[0], rows, columns) { return value }
    var (result, rest) = kroneckerSum(sum, rows, columns, shape)
    let mirrored = rest.map {
      NetworkMirror($0, isSymmetric: symmetricValues.contains) != nil
    }
    // What reaches every entry comes first: nothing is filled with zeros for it.
    func rank(_ index: Int) -> Int {
      (rest[index].isEntire ? 0 : 2) + (mirrored[index] ? 0 : 1)
    }
    let order = rest.indices.sorted { (rank($0), $0) < (rank($1), $1) }
    var isSymmetric = result == nil
    for index in order {
      rest[index] = reduced(rest[index], to: ContractionOrder.tensorLimit)
      let target = Target(
        rows: rows, columns: columns, shape: shape, strides: rest[index].outputStrides(rows),
        previous: result, isSymmetric: isSymmetric)
      result = contracted(rest[index], into: target)
      isSymmetric = isSymmetric && mirrored[index]
    }
    return result ?? builder.add(.constant(0), [], shape, rows, columns)
  }

  /// The value that a network is already.
  private mutating func plain(_ network: TensorNetwork, _ rows: Int, _ columns: Int) -> Int? {
    guard network.coefficient == 1, network.tensors.count == 1, let tensor = network.tensors.first,
      network.isEntire
    else { return nil }
    let value = builder.values[tensor.value]
    guard value.rows == rows, value.columns == columns else { return nil }
    let strides = network.outputStrides(rows)
    return network.sizes.indices.allSatisfy { strides[$0] == tensor.stride($0) }
      ? tensor.value : nil
  }

  /// The terms A ⊗ B and K*(A ⊗ B), written in one pass, and the others.
  private mutating func kroneckerSum(
    _ sum: [TensorNetwork], _ rows: Int, _ columns: Int, _ shape: Shape
  ) -> (Int?, [TensorNetwork]) {
    var groups: [[Int]: (factors: [Value.KroneckerFactor], operands: [Int])] = [:]
    var order: [[Int]] = []
    var rest: [TensorNetwork] = []
    for network in sum {
      guard let (a, b, commutes) = kroneckerFactors(network) else {
        rest.append(network)
        continue
      }
      let (left, right) = (builder.values[a], builder.values[b])
      let key = [left.rows, left.columns, right.rows, right.columns]
      if groups[key] == nil { order.append(key) }
      groups[key, default: ([], [])].factors.append(
        Value.KroneckerFactor(alpha: network.coefficient, commutes: commutes))
      groups[key, default: ([], [])].operands += [a, b]
    }
    var result: Int?
    for key in order {
      guard let group = groups[key] else { continue }
      result = builder.add(
        .kronecker(group.factors, beta: result == nil ? 0 : 1),
        group.operands + (result.map { [$0] } ?? []), shape, rows, columns)
    }
    return (result, rest)
  }

  private mutating func kroneckerFactors(
    _ network: TensorNetwork
  ) -> (Int, Int, commutes: Bool)? {
    guard network.rows.count == 2, network.columns.count == 2, network.isEntire,
      network.tensors.count == 2
    else { return nil }
    func tensor(_ label: Int) -> Tensor? {
      network.tensors.first { $0.stride(label) != 0 && $0.axes.count == 2 }
    }
    guard let left = tensor(network.columns[0]), let right = tensor(network.columns[1]),
      left != right
    else { return nil }
    let commutes = left.stride(network.rows[1]) != 0
    let (p, q) = commutes ? (1, 0) : (0, 1)
    guard let a = matrix(left, network.rows[p], network.columns[0], network),
      let b = matrix(right, network.rows[q], network.columns[1], network)
    else { return nil }
    return (a, b, commutes)
  }

  /// The matrix with these rows and columns that a tensor is, or is the transpose of.
  private mutating func matrix(
    _ tensor: Tensor, _ row: Int, _ column: Int, _ network: TensorNetwork
  ) -> Int? {
    let value = builder.values[tensor.value]
    let (m, n) = (network.sizes[row], network.sizes[column])
    if value.rows == m, value.columns == n, tensor.stride(row) == 1, tensor.stride(column) == m {
      return tensor.value
    }
    if value.rows == n, value.columns == m, tensor.stride(column) == 1, tensor.stride(row) == n {
      return builder.transposed(tensor.value)
    }
    return nil
  }

  // MARK: One network

  private mutating func contracted(_ network: TensorNetwork, into target: Target) -> Int {
    let order = ContractionOrder(
      network, strides: target.strides, isSymmetric: symmetricValues.contains)
    let all = (1 << network.tensors.count) - 1
    let wanted = network.open.sorted { target.strides[$0] < target.strides[$1] }
    let isEntire =
      target.strides.indices.reduce(1) {
        target.strides[$1] == 0 ? $0 : $0 * network.sizes[$1]
      } == target.rows * target.columns
    let (a, b) = parts(all, order, wanted)
    let axes = network.sizes.indices.map { label in
      Contraction.Axis(
        size: network.sizes[label], a: a.stride(label), b: b.stride(label),
        c: target.strides[label])
    }
    let isSymmetric =
      target.isSymmetric && exchanges(order, all, a, b, strides: target.strides)
    let direct = Contraction(
      axes, alpha: network.coefficient, beta: target.previous == nil ? 0 : 1,
      clears: target.previous == nil && !isEntire, isSymmetric: isSymmetric)
    // A product in many small pieces is faster in one and moved afterwards.
    let natural = Self.naturalOrder(order.kept(all), a, b)
    let (whole, strides) = Self.contiguous(natural, Self.labelled(network, a, b))
    guard network.tensors.count > 1,
      ContractionPlan(direct).pieces > 8 * ContractionPlan(whole).pieces,
      ContractionPlan(whole).isProduct
    else { return add(direct, a, b, target) }
    let temporary = add(whole, a, b)
    let moved = Tensor(
      value: temporary,
      axes: natural.map { TensorNetwork.Axis(label: $0, stride: strides[$0]) })
    return add(
      Contraction(
        network.sizes.indices.map { label in
          Contraction.Axis(
            size: strides[label] == 0 ? 1 : network.sizes[label], a: strides[label], b: 0,
            c: target.strides[label])
        }
          + network.sizes.indices.filter { strides[$0] == 0 && target.strides[$0] != 0 }.map {
            Contraction.Axis(size: network.sizes[$0], a: 0, b: 0, c: target.strides[$0])
          }, alpha: network.coefficient, beta: direct.beta, clears: direct.clears), moved,
      one, target)
  }

  private var one: Tensor {
    mutating get { Tensor(value: builder.constant(1), axes: []) }
  }

  private mutating func add(
    _ contraction: Contraction, _ a: Tensor, _ b: Tensor, _ target: Target
  ) -> Int {
    let (form, operands) = contraction.ordered(a.value, b.value)
    return builder.add(
      .contraction(form), operands + (target.previous.map { [$0] } ?? []), target.shape,
      target.rows, target.columns)
  }

  private mutating func add(_ contraction: Contraction, _ a: Tensor, _ b: Tensor) -> Int {
    let count = contraction.axes.reduce(1) { $1.c == 0 ? $0 : $0 * $1.size }
    let (form, operands) = contraction.ordered(a.value, b.value)
    return builder.add(.contraction(form), operands, Shape(.literal(count), 1), count, 1)
  }

  /// The two tensors whose contraction a subset of the tensors is.
  private mutating func parts(
    _ subset: Int, _ order: ContractionOrder, _ wanted: [Int]
  ) -> (Tensor, Tensor) {
    if subset == 0 { return (one, one) }
    if subset.nonzeroBitCount == 1 {
      return (order.network.tensors[subset.trailingZeroBitCount], one)
    }
    let (part, rest) = (order.parts[subset], subset ^ order.parts[subset])
    let (left, right) = (order.kept(part), order.kept(rest))
    let inner = left & right & ~order.kept(subset)
    func sorted(_ labels: Labels) -> [Int] {
      func has(_ label: Int) -> Bool { labels & (1 << Labels(label)) != 0 }
      let summed = order.network.sizes.indices.filter { has($0) && inner & (1 << Labels($0)) != 0 }
      let own = wanted.filter { has($0) && inner & (1 << Labels($0)) == 0 }
      guard inner != 0 else { return own }
      func isShared(_ label: Int) -> Bool { left & right & (1 << Labels(label)) != 0 }
      return summed + own.filter { !isShared($0) } + own.filter(isShared)
    }
    // The recursion ends: each part is smaller, of few tensors in all.
    return (tensor(part, order, sorted(left)), tensor(rest, order, sorted(right)))
  }

  private mutating func tensor(
    _ subset: Int, _ order: ContractionOrder, _ wanted: [Int]
  ) -> Tensor {
    if subset.nonzeroBitCount == 1 {
      let own = order.network.tensors[subset.trailingZeroBitCount]
      // Unless it is summed over on its own.
      guard own.axes.contains(where: { !wanted.contains($0.label) }) else { return own }
    }
    let (a, b) = parts(subset, order, wanted)
    let axes = Self.labelled(order.network, a, b)
    let natural = Self.naturalOrder(order.kept(subset), a, b)
    var (labels, (contraction, strides)) = (wanted, Self.contiguous(wanted, axes))
    let other = Self.contiguous(natural, axes)
    if ContractionPlan(contraction).pieces > 8 * ContractionPlan(other.0).pieces {
      (labels, (contraction, strides)) = (natural, other)
    }
    contraction.isSymmetric = exchanges(order, subset, a, b, strides: strides)
    return Tensor(
      value: add(contraction, a, b),
      axes: labels.map { TensorNetwork.Axis(label: $0, stride: strides[$0]) })
  }

  /// The labels of A alone, of B alone and of both, each as they lie.
  private static func naturalOrder(_ kept: Labels, _ a: Tensor, _ b: Tensor) -> [Int] {
    func isKept(_ axis: TensorNetwork.Axis) -> Bool { kept & (1 << Labels(axis.label)) != 0 }
    let left = a.axes.filter(isKept).sorted { $0.stride < $1.stride }.map(\.label)
    let right = b.axes.filter(isKept).sorted { $0.stride < $1.stride }.map(\.label)
    let both = left.filter(right.contains)
    return left.filter { !both.contains($0) } + right.filter { !both.contains($0) } + both
  }

  /// The axes of two tensors, with their labels in the place of C's distances.
  private static func labelled(
    _ network: TensorNetwork, _ a: Tensor, _ b: Tensor
  ) -> [Contraction.Axis] {
    network.sizes.indices.filter { a.stride($0) != 0 || b.stride($0) != 0 }.map {
      Contraction.Axis(size: network.sizes[$0], a: a.stride($0), b: b.stride($0), c: $0)
    }
  }

  /// The contraction into a tensor of its own with the labels in an order, the fastest first, and
  /// the distances by label.
  private static func contiguous(
    _ labels: [Int], _ axes: [Contraction.Axis]
  ) -> (Contraction, [Int]) {
    var strides = [Int](repeating: 0, count: ContractionOrder.labelLimit)
    var next = 1
    for label in labels {
      guard let axis = axes.first(where: { $0.c == label }) else { continue }
      strides[label] = next
      next *= axis.size
    }
    let placed = axes.map {
      Contraction.Axis(size: $0.size, a: $0.a, b: $0.b, c: strides[$0.c])
    }
    return (Contraction(placed, alpha: 1, beta: 0), strides)
  }

  /// Whether A and B are each other's mirror image as far as the result is concerned: the labels
  /// of A alone become those of B alone, further on by one distance.
  private func exchanges(
    _ order: ContractionOrder, _ subset: Int, _ a: Tensor, _ b: Tensor, strides: [Int]
  ) -> Bool {
    guard let mirror = order.mirror, mirror.keeps(subset) else { return false }
    var ratio: Int?
    for label in strides.indices where strides[label] != 0 && label < order.network.sizes.count {
      let image = mirror.label[label]
      switch (a.stride(label) != 0, b.stride(label) != 0) {
      case (true, true), (false, false): guard image == label else { return false }
      case (true, false):
        guard b.stride(image) != 0, a.stride(image) == 0, strides[image] % strides[label] == 0,
          ratio ?? (strides[image] / strides[label]) == strides[image] / strides[label]
        else { return false }
        ratio = strides[image] / strides[label]
      case (false, true): guard a.stride(image) != 0 else { return false }
      }
    }
    return ratio != nil
  }

  // MARK: Fewer tensors

  /// Contracts two tensors at a time, those whose product is the smallest first, until there are
  /// no more than a number of them.
  mutating func reduced(_ network: TensorNetwork, to limit: Int) -> TensorNetwork {
    var network = network
    while network.tensors.count > limit {
      var best: (i: Int, j: Int, growth: Double, cost: Double)?
      let others = network.tensors.map { Set($0.axes.map(\.label)) }
      let open = Set(network.open)
      func size(_ labels: Set<Int>) -> Double {
        labels.reduce(1) { $0 * Double(network.sizes[$1]) }
      }
      func kept(_ i: Int, _ j: Int) -> Set<Int> {
        var visible = open
        for k in others.indices where k != i && k != j { visible.formUnion(others[k]) }
        return others[i].union(others[j]).intersection(visible)
      }
      for j in others.indices {
        for i in 0..<j {
          let growth = size(kept(i, j)) - size(others[i]) - size(others[j])
          let cost = size(others[i].union(others[j]))
          if let known = best, (known.growth, known.cost) <= (growth, cost) { continue }
          best = (i, j, growth, cost)
        }
      }
      guard let (i, j, _, _) = best else { return network }
      var part = network
      part.tensors = [network.tensors[i], network.tensors[j]]
      let visible = kept(i, j)
      part.rows = network.sizes.indices.filter(visible.contains)
      part.columns = []
      part.coefficient = 1
      let order = ContractionOrder(part, isSymmetric: { _ in false })
      let (a, b) = (network.tensors[i], network.tensors[j])
      let wanted = Self.naturalOrder(visible.reduce(0) { $0 | (1 << Labels($1)) }, a, b)
      let joined = tensor(3, order, wanted)
      // What is summed over now is gone.
      for label in others[i].union(others[j]).subtracting(visible) { network.sizes[label] = 1 }
      network.tensors.remove(at: j)
      network.tensors[i] = joined
    }
    return network
  }
}

extension TensorNetwork {
  /// Whether its labels are few enough to be put in order.
  var isSmall: Bool { sizes.count <= ContractionOrder.labelLimit }

  /// Whether its entries are all entries of the matrix: no index is in it twice.
  var isEntire: Bool { open.count == rows.count + columns.count }

  /// The distances of entries in a matrix, column by column, by label.
  func outputStrides(_ count: Int) -> [Int] {
    var result = [Int](repeating: 0, count: sizes.count)
    for (list, first) in [(rows, 1), (columns, count)] {
      var stride = first
      for label in list.reversed() {
        result[label] += stride
        stride *= sizes[label]
      }
    }
    return result
  }
}
