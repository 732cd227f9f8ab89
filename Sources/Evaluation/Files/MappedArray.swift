#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#endif

/// The entries of an `.npy` file as they are on disk, mapped into memory and read where they are
/// used: the file may be larger than the memory.
///
/// The file must not be made shorter while it is mapped: the system ends a process that reads what
/// is gone.
public final class MappedArray: @unchecked Sendable {
  public let rows: Int
  public let columns: Int
  /// Whether rows are contiguous, as NumPy has it by default, and not columns.
  public let isRowMajor: Bool
  /// Whether entries have 4 bytes, not 8.
  public let isSinglePrecision: Bool
  /// The entries, one after the other.
  public let bytes: UnsafeRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer

  public var size: MatrixSize { MatrixSize(rows, columns) }

  /// Opens a file of little-endian numbers of 8 or 4 bytes (`<f8`, `<f4`).
  ///
  /// Throws `unreadable`, `notNPY`, `malformedHeader`, `unsupportedType`, `tooManyDimensions`, and
  /// `truncated` where the file is shorter than its header says.
  public init(path: String) throws(FileError) {
    let mapping = try Self.map(path)
    do throws(FileError) {
      let prefix = Array(mapping.prefix(1 << 16))
      let (header, start) = try NPY.header(prefix)
      guard header.type == .double || header.type == .float else {
        throw .unsupportedType(header.type.rawValue)
      }
      let rows = header.shape.first ?? 1
      let columns = header.shape.count > 1 ? header.shape[1] : 1
      let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
      let (length, overflow2) = count.multipliedReportingOverflow(by: header.type.byteCount)
      guard !overflow, !overflow2, mapping.count - start >= length else {
        throw .truncated(
          expected: overflow || overflow2 ? .max : start + length, got: mapping.count)
      }
      self.rows = rows
      self.columns = columns
      isRowMajor = !header.fortranOrder && rows > 1 && columns > 1
      isSinglePrecision = header.type == .float
      bytes = UnsafeRawBufferPointer(rebasing: mapping[start..<(start + length)])
      self.mapping = mapping
    } catch {
      Self.unmap(mapping)
      throw error
    }
  }

  deinit { Self.unmap(mapping) }

  #if os(Windows)
    /// Without a mapping: all of it is read.
    private static func map(_ path: String) throws(FileError) -> UnsafeMutableRawBufferPointer {
      let contents = try readBytes(path)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: contents.count, alignment: 64)
      buffer.copyBytes(from: contents)
      return buffer
    }

    private static func unmap(_ buffer: UnsafeMutableRawBufferPointer) { buffer.deallocate() }
  #else
    private static func map(_ path: String) throws(FileError) -> UnsafeMutableRawBufferPointer {
      func failure() -> FileError {
        .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
      let file = open(path, O_RDONLY)
      guard file >= 0 else { throw failure() }
      defer { close(file) }
      let length = Int(lseek(file, 0, SEEK_END))
      guard length >= 0 else { throw failure() }
      guard length > 0 else { throw .notNPY }
      guard let start = mmap(nil, length, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED
      else { throw failure() }
      return UnsafeMutableRawBufferPointer(start: start, count: length)
    }

    private static func unmap(_ buffer: UnsafeMutableRawBufferPointer) {
      munmap(buffer.baseAddress, buffer.count)
    }
  #endif
}
