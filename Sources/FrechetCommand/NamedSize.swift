import Frechet

/// The size of a dimension as an argument: `n=100`.
enum NamedSize {
  /// All sizes by name; a name that is there twice, or a size that is none, is an error.
  static func table(_ arguments: [String]) throws(CommandError) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for argument in arguments.flatMap({ $0.split(separator: ",") }) {
      let parts = argument.split(separator: "=", maxSplits: 1).map {
        $0.filter { !$0.isWhitespace }
      }
      guard parts.count == 2, let count = Int(parts[1]), count > 0 else {
        throw .wrongInput(
          "--size \(argument): a name and a positive count are expected, as in n=100.")
      }
      guard sizes.updateValue(count, forKey: parts[0]) == nil else {
        throw .wrongInput("--size \(argument): \(parts[0]) has a size already.")
      }
    }
    return sizes
  }
}
