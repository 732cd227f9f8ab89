/// The exchange of rows and columns as one of the tensors of a network, where it is symmetric.
struct NetworkMirror {
  /// By label.
  let label: [Int]
  /// By tensor.
  let tensor: [Int]

  /// nil where the network is not symmetric, or not seen to be.
  init?(_ network: TensorNetwork, isSymmetric: (Int) -> Bool) {
    guard network.rows.count == network.columns.count, !network.rows.isEmpty else { return nil }
    var image = [Int?](repeating: nil, count: network.sizes.count)
    func pair(_ a: Int, _ b: Int) -> Bool {
      guard network.sizes[a] == network.sizes[b], image[a] ?? b == b, image[b] ?? a == a else {
        return false
      }
      (image[a], image[b]) = (b, a)
      return true
    }
    for (row, column) in zip(network.rows, network.columns) {
      guard pair(row, column) else { return nil }
    }
    var partner = [Int?](repeating: nil, count: network.tensors.count)
    /// Whether one tensor is the image of another, as far as the labels' images are known.
    func fits(_ one: TensorNetwork.Tensor, _ other: TensorNetwork.Tensor, _ order: [Int]) -> Bool {
      guard one.value == other.value, one.axes.count == other.axes.count else { return false }
      let strides = one.axes.map(\.stride)
      return strides.indices.allSatisfy { position in
        let label = other.axes[position].label
        guard other.axes[position].stride == strides[position],
          network.sizes[label] == network.sizes[one.axes[order[position]].label]
        else { return false }
        let own = one.axes[order[position]].label
        return image[own] ?? label == label && image[label] ?? own == own
      }
    }
    // The tensors whose labels have the most known images first: they show those of the others.
    var open = Array(network.tensors.indices)
    while !open.isEmpty {
      func known(_ tensor: Int) -> Int {
        let axes = network.tensors[tensor].axes
        return axes.isEmpty ? .max : axes.count { image[$0.label] != nil }
      }
      guard let next = open.max(by: { known($0) < known($1) }) else { return nil }
      let tensor = network.tensors[next]
      var orders = [Array(tensor.axes.indices)]
      if tensor.axes.count == 2, isSymmetric(tensor.value) { orders.append([1, 0]) }
      var found: (tensor: Int, order: [Int])?
      for order in orders where found == nil {
        if let other = open.first(where: { fits(tensor, network.tensors[$0], order) }) {
          found = (other, order)
        }
      }
      guard let (other, order) = found else { return nil }
      for position in tensor.axes.indices {
        guard pair(tensor.axes[order[position]].label, network.tensors[other].axes[position].label)
        else { return nil }
      }
      (partner[next], partner[other]) = (other, next)
      open.removeAll { $0 == next || $0 == other }
    }
    label = image.indices.map { image[$0] ?? $0 }
    tensor = partner.indices.map { partner[$0] ?? $0 }
  }

  func keeps(_ subset: Int) -> Bool {
    tensor.indices.allSatisfy { index in
      subset & (1 << index) == 0 || subset & (1 << tensor[index]) != 0
    }
  }
}
