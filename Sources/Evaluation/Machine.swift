#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the program runs on.
public enum Machine {
  /// The bytes of memory of the machine, or of the container where that has fewer; nil where it is
  /// not known.
  public static let memory: Int? = [physicalMemory, containerMemory].compactMap { $0 }.min()

  private static var physicalMemory: Int? {
    #if canImport(Glibc) || canImport(Musl) || canImport(Darwin)
      #if canImport(Darwin)
        let (pages, size) = (sysconf(_SC_PHYS_PAGES), sysconf(_SC_PAGESIZE))
      #else
        let (pages, size) = (
          sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE))
        )
      #endif
      let (bytes, overflow) = Int(pages).multipliedReportingOverflow(by: Int(size))
      return pages > 0 && size > 0 && !overflow ? bytes : nil
    #else
      return nil
    #endif
  }

  /// The limit of a control group of Linux, version 2 or 1; without one the files say `max`, have a
  /// number beyond all memory, or are not there.
  private static var containerMemory: Int? {
    #if canImport(Glibc) || canImport(Musl)
      let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      for file in files {
        guard let bytes = try? readBytes(file) else { continue }
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if let limit = Int(String(decoding: digits, as: UTF8.self)), limit > 0 { return limit }
      }
    #endif
    return nil
  }
}

/// The memory of so many numbers, as a person reads it: `745.1 GiB`, `3.2 MiB`, `800 bytes`.
public func memoryText(ofDoubles count: Double) -> String {
  let bytes = count * 8
  let (value, unit) =
    bytes >= 1e7
    ? (bytes / 1_073_741_824, "GiB") : bytes >= 1e4 ? (bytes / 1_048_576, "MiB") : (bytes, "bytes")
  let places = value < 10 ? 100.0 : 10.0
  let rounded = value < 1e12 ? (value * places).rounded() / places : value
  let text = rounded == rounded.rounded() && rounded < 1e12 ? "\(Int(rounded))" : "\(rounded)"
  return "\(text) \(unit)"
}

extension MatrixSize {
  /// The memory of a matrix of that size.
  public var memory: String {
    memoryText(ofDoubles: Double(rows) * Double(columns))
  }
}
