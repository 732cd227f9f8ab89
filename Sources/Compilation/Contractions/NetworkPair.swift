/// Two networks of one size taken apart into the tensors that both have, and the rest of each.
struct NetworkPair {
  /// Rows and columns as the finer of both has them, and the tensors of both.
  let common: TensorNetwork
  /// What is left of each, as a column over the indices `inner`.
  let rests: (TensorNetwork, TensorNetwork)
  /// The labels of `common` that the rests have, the slowest first.
  let inner: [Int]

  /// nil where an index that is summed over stands between the common tensors and the rest.
  init?(_ x: TensorNetwork, _ y: TensorNetwork) {
    // An index of the sum for each pair of an index of the rows or columns of one and of the other.
    var known: [[Int]: Int] = [:]
    var images: ([[Int]], [[Int]]) = (
      [[Int]](repeating: [], count: x.sizes.count), [[Int]](repeating: [], count: y.sizes.count)
    )
    var common = TensorNetwork()
    func label(_ a: Int, _ b: Int) -> Int {
      if let label = known[[a, b]] { return label }
      let label = common.sizes.count
      common.sizes.append(x.sizes[a])
      known[[a, b]] = label
      images.0[a].append(label)
      images.1[b].append(label)
      return label
    }
    common.rows = zip(x.rows, y.rows).map { label($0, $1) }
    common.columns = zip(x.columns, y.columns).map { label($0, $1) }
    func outer(_ tensor: TensorNetwork.Tensor, _ images: [[Int]]) -> TensorNetwork.Tensor? {
      var result = TensorNetwork.Tensor(value: tensor.value, axes: [])
      for axis in tensor.axes {
        guard images[axis.label].count == 1 else { return nil }
        result.axes.append(
          TensorNetwork.Axis(label: images[axis.label][0], stride: axis.stride))
      }
      return result
    }
    var rests = (x, y)
    for tensor in x.tensors {
      guard let image = outer(tensor, images.0),
        let other = rests.1.tensors.firstIndex(where: { outer($0, images.1) == image }),
        let own = rests.0.tensors.firstIndex(of: tensor)
      else { continue }
      common.tensors.append(image)
      rests.0.tensors.remove(at: own)
      rests.1.tensors.remove(at: other)
    }
    var strides: [Int: Int] = [:]
    for (rest, images) in [(rests.0, images.0), (rests.1, images.1)] {
      for tensor in rest.tensors {
        for axis in tensor.axes {
          for label in images[axis.label] {
            strides[label] = min(strides[label] ?? axis.stride, axis.stride)
          }
        }
      }
      for own in images where own.count > 1 {
        for label in own { strides[label] = strides[label] ?? .max }
      }
    }
    // As the rests have them, which is the fastest to write.
    let inner = strides.keys.sorted { (strides[$0] ?? 0, $0) > (strides[$1] ?? 0, $1) }
    func column(_ rest: TensorNetwork, _ images: [[Int]]) -> TensorNetwork? {
      var result = rest
      result.columns = []
      result.rows = inner.compactMap { label in
        images.firstIndex { $0.contains(label) }
      }
      return result.rows.count == inner.count ? result : nil
    }
    guard let a = column(rests.0, images.0), let b = column(rests.1, images.1) else { return nil }
    (self.common, self.rests, self.inner) = (common, (a, b), inner)
  }

  /// The tensors of both and one more, a column over the indices `inner`.
  func joined(_ value: Int) -> TensorNetwork {
    var result = common
    var tensor = TensorNetwork.Tensor(value: value, axes: [])
    var stride = 1
    for label in inner.reversed() {
      tensor.axes.append(TensorNetwork.Axis(label: label, stride: stride))
      stride *= common.sizes[label]
    }
    result.tensors.append(tensor)
    return result
  }
}
