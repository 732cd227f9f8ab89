import Foundation

/// The input that is being tried, in the file that `FUZZ_LAST` names: libFuzzer cannot save it where
/// a stack overflows.
enum LastInput {
  private static let file = ProcessInfo.processInfo.environment["FUZZ_LAST"]
    .map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }

  static func keep(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    guard let file, file >= 0 else { return }
    _ = ftruncate(file, off_t(count))
    _ = pwrite(file, start, count, 0)
  }
}
