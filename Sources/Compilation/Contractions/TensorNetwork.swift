/// A matrix as a product of tensors that share indices, summed over those that neither the rows nor
/// the columns have: what Kronecker products, commutations, Khatri-Rao products and diagonal
/// matrices are when nothing is formed.
///
/// Rows and columns are numbered by several indices each, the slowest first. An index that stands
/// in both is a Kronecker delta: I ⊗ X is the tensor X[i,k] with the rows (j,i) and the columns
/// (j,k). A commutation matrix has no tensor at all.
struct TensorNetwork {
  /// An index of a tensor and the distance of neighbouring entries along it.
  struct Axis: Hashable {
    var label: Int
    var stride: Int
  }

  /// Entries of a value, column by column; without axes it is a scalar.
  struct Tensor: Hashable {
    var value: Int
    var axes: [Axis]

    func stride(_ label: Int) -> Int { axes.first { $0.label == label }?.stride ?? 0 }
  }

  var coefficient = 1.0
  var tensors: [Tensor] = []
  /// By label. Indices of size 1 have none.
  var sizes: [Int] = []
  /// The rows, the columns, and lists of labels that an operation is at.
  private var lists: [[Int]] = [[], []]

  var rows: [Int] {
    get { lists[0] }
    set { lists[0] = newValue }
  }
  var columns: [Int] {
    get { lists[1] }
    set { lists[1] = newValue }
  }

  /// The labels that are not summed over, each once.
  var open: [Int] {
    var seen: Set<Int> = []
    return (rows + columns).filter { seen.insert($0).inserted }
  }

  // MARK: Making

  /// The number 1.
  init() {}

  /// A matrix of its own.
  init(value: Int, rows m: Int, columns n: Int) {
    self.init(rows: m, columns: n)
    var axes: [Axis] = []
    if let i = rows.first { axes.append(Axis(label: i, stride: 1)) }
    if let j = columns.first { axes.append(Axis(label: j, stride: m)) }
    tensors = [Tensor(value: value, axes: axes)]
  }

  /// A matrix of ones.
  init(rows m: Int, columns n: Int) {
    if m > 1 { rows = [addLabel(m)] }
    if n > 1 { columns = [addLabel(n)] }
  }

  /// The identity.
  init(identity n: Int) {
    if n > 1 { rows = [addLabel(n)] }
    columns = rows
  }

  /// K(m,n), with K*vec(X) = vec(X') for X m×n (Magnus & Neudecker, section 3.7).
  init(commutation m: Int, _ n: Int) {
    let i = m > 1 ? [addLabel(m)] : []
    let j = n > 1 ? [addLabel(n)] : []
    rows = i + j
    columns = j + i
  }

  private mutating func addLabel(_ size: Int) -> Int {
    sizes.append(size)
    return sizes.count - 1
  }

  // MARK: One operand

  var transposed: TensorNetwork {
    var result = self
    (result.rows, result.columns) = (columns, rows)
    return result
  }

  /// vec(A): the columns run slower than the rows.
  var vectorized: TensorNetwork {
    var result = self
    (result.rows, result.columns) = (columns + rows, [])
    return result
  }

  /// diag(v) of a column or a row.
  var diagonalMatrix: TensorNetwork {
    var result = self
    result.rows = rows + columns
    result.columns = result.rows
    return result
  }

  func scaled(by factor: Double) -> TensorNetwork {
    var result = self
    result.coefficient *= factor
    return result
  }

  /// The entries in the order of vec with another number of rows; nil where a dimension would have
  /// to be cut in no whole parts.
  func reshaped(rows count: Int) -> TensorNetwork? {
    var result = vectorized
    var (fast, rest): ([Int], Int) = ([], count)
    while rest > 1 {
      guard let label = result.rows.last else { return nil }
      let size = result.sizes[label]
      if rest % size == 0 {
        result.rows.removeLast()
        fast.insert(label, at: 0)
        rest /= size
      } else if size % rest == 0 {
        // What is in `fast` may be cut as well.
        result.lists.append(fast)
        result.split(label, rest)
        fast = result.lists.removeLast()
      } else {
        return nil
      }
    }
    (result.rows, result.columns) = (fast, result.rows)
    return result
  }

  // MARK: Two operands

  /// A*B; nil where their inner dimensions are made of parts that do not fit.
  static func product(_ a: TensorNetwork, _ b: TensorNetwork) -> TensorNetwork? {
    var result = joined(a, b)
    let lists = result.lists
    result.lists = [lists[0], lists[3], lists[1], lists[2]]
    return result.unify() ? result.normalized : nil
  }

  /// A ⊗ B.
  static func kronecker(_ a: TensorNetwork, _ b: TensorNetwork) -> TensorNetwork {
    var result = joined(a, b)
    let lists = result.lists
    result.lists = [lists[0] + lists[2], lists[1] + lists[3]]
    return result
  }

  /// The Kronecker products of columns.
  static func khatriRao(_ a: TensorNetwork, _ b: TensorNetwork) -> TensorNetwork? {
    var result = joined(a, b)
    let lists = result.lists
    result.lists = [lists[0] + lists[2], lists[1], lists[1], lists[3]]
    return result.unify() ? result.normalized : nil
  }

  /// Entry by entry, where a single row or column is spread over the other matrix.
  static func hadamard(_ a: TensorNetwork, _ b: TensorNetwork) -> TensorNetwork? {
    var result = joined(a, b)
    let lists = result.lists
    func spread(_ x: [Int], _ y: [Int]) -> [Int] { x.isEmpty ? y : x }
    result.lists = [spread(lists[0], lists[2]), spread(lists[1], lists[3])]
    for (x, y) in [(lists[0], lists[2]), (lists[1], lists[3])] where !x.isEmpty && !y.isEmpty {
      result.lists += [x, y]
    }
    while result.lists.count > 2 {
      guard result.unify() else { return nil }
    }
    return result.normalized
  }

  /// Both, with labels of their own; the lists are those of A, then those of B.
  private static func joined(_ a: TensorNetwork, _ b: TensorNetwork) -> TensorNetwork {
    let offset = a.sizes.count
    var result = a
    result.coefficient *= b.coefficient
    result.sizes += b.sizes
    result.tensors += b.tensors.map { tensor in
      Tensor(
        value: tensor.value,
        axes: tensor.axes.map { Axis(label: $0.label + offset, stride: $0.stride) })
    }
    result.lists += b.lists.map { $0.map { $0 + offset } }
    return result
  }

  // MARK: Labels

  /// Makes the indices of the last two lists the same, from the fastest on, and drops the lists.
  private mutating func unify() -> Bool {
    let (first, second) = (lists.count - 2, lists.count - 1)
    while let x = lists[first].last, let y = lists[second].last {
      let (p, q) = (sizes[x], sizes[y])
      if p == q {
        lists[first].removeLast()
        lists[second].removeLast()
        if x != y { merge(y, into: x) }
      } else if p > q, p % q == 0 {
        split(x, q)
      } else if q > p, q % p == 0 {
        split(y, p)
      } else {
        return false
      }
    }
    guard lists[first].isEmpty, lists[second].isEmpty else { return false }
    lists.removeLast(2)
    return true
  }

  /// Both with rows and columns of the same parts; nil where there are none.
  static func aligned(
    _ a: TensorNetwork, _ b: TensorNetwork
  ) -> (TensorNetwork, TensorNetwork)? {
    var (a, b) = (a, b)
    for list in [0, 1, 0, 1] {
      var position = 0
      while position < max(a.lists[list].count, b.lists[list].count) {
        // From the fastest on.
        guard position < a.lists[list].count, position < b.lists[list].count else { return nil }
        let x = a.lists[list][a.lists[list].count - 1 - position]
        let y = b.lists[list][b.lists[list].count - 1 - position]
        let (p, q) = (a.sizes[x], b.sizes[y])
        if p > q, p % q == 0 {
          a.split(x, q)
        } else if q > p, q % p == 0 {
          b.split(y, p)
        } else if p != q {
          return nil
        }
        position += 1
      }
    }
    func parts(_ network: TensorNetwork) -> [[Int]] {
      network.lists.map { $0.map { network.sizes[$0] } }
    }
    return parts(a) == parts(b) ? (a, b) : nil
  }

  private mutating func merge(_ label: Int, into kept: Int) {
    // Nothing is summed over it.
    sizes[label] = 1
    for list in lists.indices {
      lists[list] = lists[list].map { $0 == label ? kept : $0 }
    }
    for index in tensors.indices {
      let along = tensors[index].stride(label)
      guard along != 0 else { continue }
      tensors[index].axes.removeAll { $0.label == label }
      if let axis = tensors[index].axes.firstIndex(where: { $0.label == kept }) {
        tensors[index].axes[axis].stride += along
      } else {
        tensors[index].axes.append(Axis(label: kept, stride: along))
      }
    }
  }

  /// Takes an index apart into a slow one and a fast one, which keeps the label, of the given size.
  private mutating func split(_ label: Int, _ fast: Int) {
    let slow = addLabel(sizes[label] / fast)
    sizes[label] = fast
    for list in lists.indices {
      lists[list] = lists[list].flatMap { $0 == label ? [slow, label] : [$0] }
    }
    for index in tensors.indices {
      let stride = tensors[index].stride(label)
      if stride != 0 { tensors[index].axes.append(Axis(label: slow, stride: stride * fast)) }
    }
  }

  /// Without labels that nothing has; a sum over one that no tensor has is a number.
  var normalized: TensorNetwork {
    var result = self
    var place = [Int?](repeating: nil, count: sizes.count)
    var used = [Bool](repeating: false, count: sizes.count)
    for label in lists.joined() { used[label] = true }
    for tensor in tensors { for axis in tensor.axes { used[axis.label] = true } }
    var count = 0
    for label in sizes.indices where used[label] {
      place[label] = count
      count += 1
    }
    for label in sizes.indices where !used[label] { result.coefficient *= Double(sizes[label]) }
    result.sizes = sizes.indices.filter { used[$0] }.map { sizes[$0] }
    result.lists = lists.map { $0.compactMap { place[$0] } }
    result.tensors = tensors.map { tensor in
      Tensor(
        value: tensor.value,
        axes: tensor.axes.compactMap { axis in
          place[axis.label].map { Axis(label: $0, stride: axis.stride) }
        }.sorted { $0.stride < $1.stride })
    }
    return result
  }
}
