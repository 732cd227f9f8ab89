/// The dictionary at the start of an `.npy` file.
struct NPYHeader {
  let type: NPYType
  let fortranOrder: Bool
  let shape: [Int]

  /// Of `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`, in any order of the keys.
  init(_ text: String) throws(FileError) {
    let description = Self.value(of: "descr", in: text)
    guard let description else { throw .malformedHeader(text) }
    guard let quote = description.first, quote == "'" || quote == "\"" else {
      throw .unsupportedType(String(description.prefix(40)))
    }
    let name = String(description.dropFirst().prefix { $0 != quote })
    guard let type = NPYType(rawValue: name) else { throw .unsupportedType(name) }
    self.type = type
    guard let order = Self.value(of: "fortran_order", in: text) else {
      throw .malformedHeader(text)
    }
    if order.hasPrefix("True") {
      fortranOrder = true
    } else if order.hasPrefix("False") {
      fortranOrder = false
    } else {
      throw .malformedHeader(text)
    }
    guard let tuple = Self.value(of: "shape", in: text), tuple.first == "(",
      let end = tuple.firstIndex(of: ")")
    else { throw .malformedHeader(text) }
    var shape: [Int] = []
    for part in tuple[tuple.index(after: tuple.startIndex)..<end].split(separator: ",") {
      let digits = part.filter { $0 != " " && $0 != "L" }
      if digits.isEmpty { continue }
      guard let size = Int(digits), size >= 0 else { throw .malformedHeader(text) }
      shape.append(size)
    }
    guard shape.count <= 2 else { throw .tooManyDimensions(shape.count) }
    self.shape = shape
  }

  /// The text after `'key':`.
  private static func value(of key: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      let marker = Array((quote + key + quote).utf8)
      let bytes = Array(text.utf8)
      guard bytes.count >= marker.count else { continue }
      for start in 0...(bytes.count - marker.count)
      where Array(bytes[start..<(start + marker.count)]) == marker {
        let rest = String(decoding: bytes[(start + marker.count)...], as: UTF8.self)
        guard let colon = rest.firstIndex(of: ":") else { return nil }
        return rest[rest.index(after: colon)...].drop { $0 == " " }
      }
    }
    return nil
  }
}

/// The types of entries that are read.
enum NPYType: String, CaseIterable {
  case double = "<f8"
  case float = "<f4"
  case int64 = "<i8"
  case int32 = "<i4"
  case int16 = "<i2"
  case int8 = "|i1"
  case uint64 = "<u8"
  case uint32 = "<u4"
  case uint16 = "<u2"
  case uint8 = "|u1"
  case boolean = "|b1"

  var precision: Precision? { self == .double ? .double : self == .float ? .float : nil }

  var byteCount: Int {
    switch self {
    case .double, .int64, .uint64: 8
    case .float, .int32, .uint32: 4
    case .int16, .uint16: 2
    case .int8, .uint8, .boolean: 1
    }
  }

  func values(_ buffer: UnsafeRawBufferPointer, from start: Int, count: Int) -> [Double] {
    func integers<T: FixedWidthInteger>(_ type: T.Type, _ convert: (T) -> Double) -> [Double] {
      (0..<count).map { i in
        convert(
          T(
            littleEndian: buffer.loadUnaligned(
              fromByteOffset: start + i * MemoryLayout<T>.size, as: T.self)))
      }
    }
    switch self {
    case .double: return integers(UInt64.self) { Double(bitPattern: $0) }
    case .float: return integers(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .int64: return integers(Int64.self) { Double($0) }
    case .int32: return integers(Int32.self) { Double($0) }
    case .int16: return integers(Int16.self) { Double($0) }
    case .int8: return integers(Int8.self) { Double($0) }
    case .uint64: return integers(UInt64.self) { Double($0) }
    case .uint32: return integers(UInt32.self) { Double($0) }
    case .uint16: return integers(UInt16.self) { Double($0) }
    case .uint8: return integers(UInt8.self) { Double($0) }
    case .boolean: return integers(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }
}
