import ExpressionLanguage

/// Names for the directions of a differential that an input leaves free.
public enum DirectionNames {
  private static let letters = ["V", "W", "H", "D", "T"]

  /// `V`; where the input has that name, another one.
  public static func single(in input: TypedInput) -> String {
    let taken = taken(by: input)
    return letters.first { !taken.contains($0) } ?? free(1, in: input)[0]
  }

  /// `V1`, `V2`, …; where the input has one of these names, others.
  public static func free(_ count: Int, in input: TypedInput) -> [String] {
    let taken = taken(by: input)
    func names(_ base: String) -> [String] { (0..<count).map { "\(base)\($0 + 1)" } }
    for letter in letters where taken.isDisjoint(with: names(letter)) { return names(letter) }
    // Longer than any name of the input.
    let length = taken.map(\.count).max() ?? 0
    return names(String(repeating: "V", count: length + 1))
  }

  private static func taken(by input: TypedInput) -> Set<String> {
    Set(input.variables.map(\.name) + input.definitions.map(\.name) + input.dimensions)
  }
}
