/// What an equation of a derivation is about, by its left side.
enum DerivationSubject: Hashable {
  /// `f`, or a name of the author's.
  case value(String)
  /// `df`
  case differential(String)
  /// `d2f`
  case secondDifferential(String)
  /// `∇f`, `gradient`, `df/dX`: without names, of the function by the variable.
  case derivative(of: String?, by: String?)
  /// `∇²f`, `hessian`
  case hessian(of: String?, by: String?)
  /// Any other expression.
  case expression
}

extension DerivationSubject {
  /// - Parameter isFunction: Whether a name is one that differentials are taken of: `delta` is not
  ///   the differential of `elta`.
  init(_ left: String, isFunction: @escaping (String) -> Bool) {
    self = Reader(Self.tokens(left), isFunction).subject ?? .expression
  }

  /// Names, numbers and symbols, without brackets and with the signs of paper as words.
  private static func tokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var word = ""
    func close() {
      if !word.isEmpty { tokens.append(word) }
      word = ""
    }
    for character in text {
      switch character {
      case "∂":
        close()
        word = "d"
      case "∇":
        close()
        tokens.append("gradient")
      case "²":
        close()
        tokens += ["^", "2"]
      case _ where character.isLetter || character.isNumber:
        // `2f` is a number and a name.
        if let last = word.last, word.allSatisfy(\.isNumber), !last.isLetter, character.isLetter {
          close()
        }
        word.append(character)
      case _:
        close()
        if !character.isWhitespace, !"(){}".contains(character) { tokens.append("\(character)") }
      }
    }
    close()
    return tokens
  }

  /// Reads a left side from its beginning.
  private struct Reader {
    private var tokens: ArraySlice<String>
    private let isFunction: (String) -> Bool

    init(_ tokens: [String], _ isFunction: @escaping (String) -> Bool) {
      self.tokens = tokens[...]
      self.isFunction = isFunction
    }

    var subject: DerivationSubject? {
      var reader = self
      return keyword ?? reader.quotientOrDifferential() ?? name
    }

    private static let gradients: Set<String> = ["gradient", "grad", "jacobian", "derivative"]
    private static let hessians: Set<String> = ["hessian", "hess"]

    /// `gradient`, `gradient_X f`, `gradient^2 f`, `hessian f`
    private var keyword: DerivationSubject? {
      guard let word = tokens.first?.lowercased(),
        Self.gradients.contains(word) || Self.hessians.contains(word)
      else { return nil }
      var rest = tokens.dropFirst()
      var isSecond = Self.hessians.contains(word)
      if rest.starts(with: ["^", "2"]) { (isSecond, rest) = (true, rest.dropFirst(2)) }
      var variable: String?
      if rest.first == "_" {
        variable = rest.dropFirst().first
        rest = rest.dropFirst(2)
      }
      guard rest.count <= 1, rest.first.map(Self.isName) ?? true else { return nil }
      return isSecond
        ? .hessian(of: rest.first, by: variable) : .derivative(of: rest.first, by: variable)
    }

    /// `df`, `d f`, `d^2 f`, `df/dX`, `d^2f/dX^2`, `d^2f/dXdX'`
    private mutating func quotientOrDifferential() -> DerivationSubject? {
      guard let (function, isSecond) = differential() else { return nil }
      if tokens.isEmpty {
        guard isFunction(function) else { return nil }
        return isSecond ? .secondDifferential(function) : .differential(function)
      }
      guard tokens.first == "/" else { return nil }
      tokens.removeFirst()
      guard let (variable, _) = differential() else { return nil }
      if isSecond {
        // A square, or the variable once more and transposed.
        let rest = tokens.filter { $0 != "^" && $0 != "2" && $0 != "'" && $0 != "ᵀ" }
        return rest.isEmpty || rest == ["d" + variable] || rest == ["d", variable]
          ? .hessian(of: function, by: variable) : nil
      }
      let rest = tokens.filter { $0 != "'" && $0 != "ᵀ" }
      return rest.isEmpty ? .derivative(of: function, by: variable) : nil
    }

    private mutating func differential() -> (name: String, isSecond: Bool)? {
      guard let first = tokens.first, first.hasPrefix("d") else { return nil }
      tokens.removeFirst()
      if first.count > 1 {
        let rest = String(first.dropFirst())
        if rest.hasPrefix("2") {
          if rest.count > 1 { return (String(rest.dropFirst()), true) }
          return nextName().map { ($0, true) }
        }
        return (rest, false)
      }
      let isSecond = tokens.starts(with: ["^", "2"])
      if isSecond { tokens.removeFirst(2) }
      return nextName().map { ($0, isSecond) }
    }

    private mutating func nextName() -> String? {
      guard let name = tokens.first, Self.isName(name) else { return nil }
      tokens.removeFirst()
      return name
    }

    private var name: DerivationSubject? {
      guard tokens.count == 1, let name = tokens.first, Self.isName(name) else { return nil }
      return .value(name)
    }

    private static func isName(_ token: String) -> Bool { token.first?.isLetter ?? false }
  }
}
