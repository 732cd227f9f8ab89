/// Names that are nearly right.
public enum NearestName {
  /// The nearest of some names to one that is unknown: what the user probably meant.
  public static func find(for name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.prefix(40))
    let limit = wanted.count <= 2 ? 1 : wanted.count <= 5 ? 2 : 3
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
      // Of single letters every other one would be near.
      guard wanted.count > 1 || candidate.lowercased() == name.lowercased() else { continue }
      let distance = distance(wanted, Array(candidate))
      guard distance <= limit, distance < max(wanted.count, 2) else { continue }
      let current = best ?? (candidate, .max)
      if distance < current.distance || (distance == current.distance && candidate <= current.name)
      {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Insertions, deletions, substitutions and exchanged neighbours; a change of case costs 1.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    if abs(a.count - b.count) > 3 { return .max }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
