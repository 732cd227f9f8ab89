#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#elseif canImport(ucrt)
  import ucrt
#endif

extension Double {
  /// The natural logarithm, for files that need nothing else of the C library.
  var logarithm: Double { log(self) }
  var exponential: Double { exp(self) }
}

/// `sqrt(x² + y²)` without overflow.
func hypotenuse(_ x: Double, _ y: Double) -> Double { hypot(x, y) }

/// `log|Γ(x)|`, thread-safe.
func logGamma(_ x: Double) -> Double {
  #if canImport(Darwin)
    return lgamma(x).0
  #else
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  #endif
}

/// The bytes of a file; nil with the system's reason where it cannot be read.
func readBytes(_ path: String) throws(FileError) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    throw .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var capacity = 1 << 16
  while true {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: capacity))
    let got = bytes.withUnsafeMutableBytes { buffer in
      fread(buffer.baseAddress?.advanced(by: start), 1, capacity, file)
    }
    bytes.removeLast(capacity - got)
    if ferror(file) != 0 {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    if got < capacity { return bytes }
    capacity = Swift.min(2 * capacity, 1 << 24)
  }
}

/// Writes a file, replacing one of that name.
func writeBytes(_ bytes: [UInt8], to path: String) throws(FileError) {
  guard let file = fopen(path, "wb") else {
    throw .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
  let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
  let closed = fclose(file)
  if written != bytes.count || closed != 0 {
    throw .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}

/// The number at the start of the text and how many bytes it takes: C's `strtod`.
func parseWithLibrary(_ text: UnsafePointer<CChar>) -> (value: Double, length: Int) {
  var end: UnsafeMutablePointer<CChar>?
  let value = strtod(text, &end)
  return (value, end.map { text.distance(to: UnsafePointer($0)) } ?? 0)
}

/// The address of the first of these libraries that can be opened.
func openLibrary(_ names: [String]) -> UnsafeMutableRawPointer? {
  #if canImport(ucrt)
    return nil
  #else
    for name in names {
      if let handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL) { return handle }
    }
    return nil
  #endif
}

func symbolAddress(_ library: UnsafeMutableRawPointer, _ name: String) -> UnsafeMutableRawPointer? {
  #if canImport(ucrt)
    return nil
  #else
    return dlsym(library, name)
  #endif
}
