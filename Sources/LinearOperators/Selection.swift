import Evaluation

/// A matrix of zeros with a single one in each row: it takes entries of a column. Its transpose has
/// a single one in each column: it adds entries to places of a column.
///
/// Commutation and duplication matrices are of this kind (Magnus & Neudecker, sections 3.7, 3.8).
struct Selection: Hashable, Sendable {
  /// For each row (of the transpose: column) the place of its one.
  let places: [Int]
  /// The length of what is selected from.
  let count: Int
  let isTransposed: Bool

  init(_ places: [Int], from count: Int, isTransposed: Bool = false) {
    self.places = places
    self.count = count
    self.isTransposed = isTransposed
  }

  var transposed: Selection { Selection(places, from: count, isTransposed: !isTransposed) }

  /// K with `K*vec(X) = vec(X')` for X m×n.
  static func commutation(_ m: Int, _ n: Int) -> Selection {
    var places: [Int] = []
    places.reserveCapacity(m * n)
    for i in 0..<m { for j in 0..<n { places.append(j * m + i) } }
    return Selection(places, from: m * n)
  }

  /// D with `D*vech(S) = vec(S)` for S symmetric of order n.
  static func duplication(_ n: Int) -> Selection {
    var places: [Int] = []
    places.reserveCapacity(n * n)
    for j in 0..<n {
      for i in 0..<n {
        let (row, column) = (max(i, j), min(i, j))
        // The columns before hold n, n-1, … entries.
        places.append(column * n - column * (column - 1) / 2 + row - column)
      }
    }
    return Selection(places, from: n * (n + 1) / 2)
  }

  /// The one of each row, where each column too has one; nil otherwise.
  var permutation: [Int]? {
    guard places.count == count else { return nil }
    var inverse = [Int](repeating: -1, count: count)
    for (row, place) in places.enumerated() {
      if inverse[place] >= 0 { return nil }
      inverse[place] = row
    }
    return isTransposed ? inverse : places
  }

  func apply(to v: Matrix) -> Matrix {
    guard isTransposed else {
      return Matrix(rows: places.count, columns: v.columns) { v[places[$0], $1] }
    }
    var result = Matrix.zeros(count, v.columns)
    for j in 0..<v.columns {
      for (row, place) in places.enumerated() { result[place, j] += v[row, j] }
    }
    return result
  }

  func entry(_ i: Int, _ j: Int) -> Double {
    (isTransposed ? places[j] == i : places[i] == j) ? 1 : 0
  }
}
