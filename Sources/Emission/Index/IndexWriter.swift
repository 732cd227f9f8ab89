import ExpressionCore

/// Names the indices of an entry and writes it out.
struct IndexWriter {
  /// Letters that are names of the input.
  let taken: Set<String>
  let scope: NameScope

  struct Result {
    var indices: [String]
    var text: String
    var latex: String
  }

  /// Index letters in the order in which they are given out; then `i1`, `i2`, ….
  private func names() -> AnyIterator<String> {
    let letters = "ijklrstuvwqpabcdefgh".map(String.init).filter { !taken.contains($0) }
    var place = 0
    return AnyIterator {
      defer { place += 1 }
      return place < letters.count ? letters[place] : "i\(place - letters.count + 1)"
    }
  }

  func write(
    _ template: IndexBuilder.Template, _ shape: Shape, rowFast: Dim? = nil, columnFast: Dim? = nil
  ) -> Result {
    let names = names()
    var free: [IndexExpression.Slot: String] = [:]
    var indices: [String] = []
    func give(_ slot: IndexExpression.Slot) {
      let name = names.next() ?? "i"
      free[slot] = name
      indices.append(name)
    }
    let (rowSplit, columnSplit) = (rowFast ?? template.rowFast, columnFast ?? template.columnFast)
    if !shape.rows.isOne {
      give(.row)
      if rowSplit != nil { give(.rowSlow) }
    }
    if !shape.columns.isOne {
      give(.column)
      if columnSplit != nil { give(.columnSlow) }
    }
    template.units.forEach(give)
    let own = template.entry.replacing(bound: { _ in nil }) { index in
      guard case .slot(let slot) = index else { return nil }
      let (pairSlow, size): (IndexExpression.Slot, Dim?) =
        slot == .row ? (.rowSlow, rowFast) : (.columnSlow, columnFast)
      guard let name = free[slot] else { return .fixed(1) }
      if let size, let slow = free[pairSlow], slot == .row || slot == .column {
        return .pair(fast: .free(name), slow: .free(slow), size: size)
      }
      return .free(name)
    }.contracted
    let tokens =
      own.isSum && !own.negative ? own.term : own.signedTerm
    var bound: [Int: String] = [:]
    var (text, latex) = ("", "")
    for token in tokens { append(token, &bound, names, &text, &latex) }
    return Result(indices: indices, text: text, latex: latex)
  }

  private func append(
    _ token: IndexToken, _ bound: inout [Int: String], _ names: AnyIterator<String>,
    _ text: inout String, _ latex: inout String
  ) {
    func name(_ id: Int) -> String {
      if let known = bound[id] { return known }
      let new = names.next() ?? "i"
      bound[id] = new
      return new
    }
    switch token {
    case .text(let plain, let formula):
      text += plain
      latex += formula
    case .entry(let plain, let formula, let indices):
      let texts = indices.map { self.text($0, name) }
      text += plain + (texts.isEmpty ? "" : "[\(texts.joined(separator: ","))]")
      let base = formula.contains("_") && !formula.hasPrefix("(") && !texts.isEmpty
      latex += (base ? "(\(formula))" : formula) + below(indices.map { self.latex($0, name) })
    case .over(let plain, let formula, let ids):
      let letters = ids.map(name)
      text +=
        plain + "_" + (letters.count == 1 ? letters[0] : "{\(letters.joined(separator: ","))}")
      text += plain == "Σ" ? " " : ""
      latex += formula + below(letters.map(Self.letter), separator: ",") + " "
    case .iverson(let a, let plain, let formula, let b):
      text += "[\(self.text(a, name)) \(plain) \(self.text(b, name))]"
      latex += "[\(self.latex(a, name)) \(formula) \(self.latex(b, name))]"
    case .index(let index):
      text += self.text(index, name)
      latex += self.latex(index, name)
    }
  }

  private func below(_ indices: [String], separator: String = "") -> String {
    guard !indices.isEmpty else { return "" }
    let isPlain = indices.allSatisfy { $0.count == 1 }
    return "_{" + indices.joined(separator: isPlain ? separator : ", ") + "}"
  }

  private static func letter(_ name: String) -> String {
    name.count == 1 ? name : "i_{\(name.dropFirst())}"
  }

  private func text(_ index: IndexExpression, _ name: (Int) -> String) -> String {
    switch index {
    case .slot: return "1"
    case .bound(let id): return name(id)
    case .free(let name): return name
    case .fixed(let dimension): return dimension.description
    case .pair(let fast, let slow, let size):
      return "\(text(fast, name))+(\(text(slow, name))-1)*\(group(size.description))"
    case .fastPart(let index, let size):
      return "(\(text(index, name))-1)%\(group(size.description))+1"
    case .slowPart(let index, let size):
      return "ceil((\(text(index, name)))/\(group(size.description)))"
    }
  }

  private func group(_ size: String) -> String {
    size.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? size : "(\(size))"
  }

  private func latex(_ index: IndexExpression, _ name: (Int) -> String) -> String {
    let printer = LaTeXPrinter(scope: scope)
    switch index {
    case .slot: return "1"
    case .bound(let id): return Self.letter(name(id))
    case .free(let name): return Self.letter(name)
    case .fixed(let dimension): return printer.dimension(dimension)
    case .pair(let fast, let slow, let size):
      return "\(latex(fast, name)) + (\(latex(slow, name)) - 1) \(grouped(size, printer))"
    case .fastPart(let index, let size):
      return "(\(latex(index, name)) - 1) \\bmod \(grouped(size, printer)) + 1"
    case .slowPart(let index, let size):
      return "\\lceil (\(latex(index, name))) / \(grouped(size, printer)) \\rceil"
    }
  }

  private func grouped(_ size: Dim, _ printer: LaTeXPrinter) -> String {
    let text = printer.dimension(size)
    if case .polynomial = size { return "(\(text))" }
    return text
  }
}
