extension WorkedDerivation {
  /// The lines that a teacher would write: what is done on the way has no line of its own, and
  /// there are no more lines than a reader can follow.
  public func shortened(to limit: Int = 8) -> [DerivationLine] {
    var result: [DerivationLine] = []
    let shown = lines.filter { !$0.isDetail }
    for (place, line) in shown.enumerated() {
      let next = place + 1 < shown.count ? shown[place + 1] : nil
      guard line.rules.allSatisfy(\.isBookkeeping), !line.rules.isEmpty,
        let last = result.last, last.left == line.left
      else {
        result.append(line)
        continue
      }
      if !last.rules.contains(.start) {
        result[result.count - 1] = line.following(last.rules)
      } else if line.rules.contains(.sum) || next?.left != line.left {
        result.append(line)
      }
    }
    return Self.merged(result, to: limit)
  }

  /// Neighbours become one line, those with the fewest rules first, until there are few enough.
  private static func merged(_ lines: [DerivationLine], to limit: Int) -> [DerivationLine] {
    var lines = lines
    while lines.count > limit {
      let pairs = lines.indices.dropFirst().dropLast().filter { place in
        lines[place].left == lines[place + 1].left && !lines[place].rules.contains(.start)
          && place + 1 < lines.count - 1
      }
      guard
        let place = pairs.min(by: {
          cost(lines[$0], lines[$0 + 1]) < cost(lines[$1], lines[$1 + 1])
        })
      else { break }
      var rules = lines[place].rules
      for rule in lines[place + 1].rules where !rules.contains(rule) { rules.append(rule) }
      lines[place] = lines[place + 1].following(rules)
      lines.remove(at: place + 1)
    }
    return lines
  }

  /// How much a reader would have to see at once.
  private static func cost(_ a: DerivationLine, _ b: DerivationLine) -> Int {
    Set(a.rules + b.rules).count { !$0.isBookkeeping }
  }
}
