import Evaluation

/// How much memory the matrices of an evaluation may take.
public struct MemoryLimit: Hashable, Sendable {
  /// In bytes.
  public let bytes: Int
  /// Whether it is a share of the machine's memory, and not a number that somebody chose.
  let isDefault: Bool

  /// In bytes; what is not positive allows nothing.
  public init(bytes: Int) {
    self.init(bytes, isDefault: false)
  }

  private init(_ bytes: Int, isDefault: Bool) {
    self.bytes = max(bytes, 0)
    self.isDefault = isDefault
  }

  /// A quarter of the memory that the machine, or the container, has: besides the matrix itself
  /// there are those that it is made of. 2 GiB where that is unknown.
  public static let standard = MemoryLimit(
    (Machine.memory ?? 8 << 30) / 4, isDefault: true)

  /// The most entries that a matrix may have.
  var entries: Int { bytes / MemoryLayout<Double>.stride }

  /// Throws `sizeLimit` where matrices of these sizes would take more, with what would do instead.
  func require(
    _ sizes: [MatrixSize], for what: String, instead: String
  ) throws(FrechetError) {
    let total = sizes.reduce(0.0) { $0 + Double($1.rows) * Double($1.columns) }
    guard total * 8 > Double(bytes) else { return }
    let shape =
      sizes.count == 1 ? "a \(sizes[0]) matrix would take" : "together they would take"
    let origin = isDefault ? ", a quarter of this machine's memory" : ""
    throw .sizeLimit(
      "\(what): \(shape) \(memoryText(ofDoubles: total)); the limit is "
        + "\(memoryText(ofDoubles: Double(entries)))\(origin). \(instead)--memory-limit allows more."
    )
  }
}
