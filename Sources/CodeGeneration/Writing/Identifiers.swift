/// The identifiers of one program: legal in its language and each used for one thing.
struct Identifiers {
  private var byName: [String: String] = [:]
  private var taken: Set<String>
  private var count = 0
  private let legal: @Sendable (String) -> String

  /// - Parameters:
  ///   - reserved: keywords and the names that the program itself uses.
  ///   - legal: a name with nothing in it that the language forbids.
  init(reserved: Set<String>, legal: @escaping @Sendable (String) -> String) {
    taken = reserved
    self.legal = legal
  }

  /// Gives each variable and dimension its identifier, in order.
  mutating func declare(_ names: [String]) {
    for name in names where byName[name] == nil { byName[name] = unused(legal(name)) }
  }

  func variable(_ name: String) -> String { byName[name] ?? name }

  /// What the author called that which has an identifier here.
  func original(_ identifier: String) -> String? {
    byName.first { $0.value == identifier }?.key
  }

  /// A new identifier, like the wanted one where there is one.
  mutating func fresh(_ wanted: String?) -> String {
    if let wanted { return unused(legal(wanted)) }
    repeat { count += 1 } while taken.contains("t\(count)")
    return unused("t\(count)")
  }

  private mutating func unused(_ wanted: String) -> String {
    var name = wanted
    while !taken.insert(name).inserted { name += "_" }
    return name
  }

  /// ASCII letters, digits and underscores: Greek letters spelled out, other signs by underscores.
  static func ascii(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isASCII, character.isLetter || character.isNumber || character == "_" {
        result.append(character)
      } else if let spelled = spelledLetters[character] {
        result += spelled
      } else {
        result += "_"
      }
    }
    guard let first = result.first, !first.isNumber else { return "v" + result }
    return result
  }

  private static let spelledLetters: [Character: String] = {
    let lower = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
      "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "", "sigma", "tau", "upsilon", "phi",
      "chi", "psi", "omega",
    ]
    var letters: [Character: String] = ["ς": "sigma", "ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi"]
    for (offset, name) in lower.enumerated() where !name.isEmpty {
      guard let small = Unicode.Scalar(0x3B1 + offset), let large = Unicode.Scalar(0x391 + offset)
      else { continue }
      letters[Character(small)] = name
      letters[Character(large)] = name.prefix(1).uppercased() + name.dropFirst()
    }
    return letters
  }()
}
