import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#endif

/// OpenBLAS chooses its kernels by the model of the processor, and for one that is newer than the
/// library takes the oldest: without AVX, at a fifth of the speed. Then those for the vectors that
/// the processor has are taken instead, unless the user chose some by `OPENBLAS_CORETYPE`.
enum BLASCore {
  private static let variable = "OPENBLAS_CORETYPE"
  /// Cores whose kernels use no AVX.
  private static let old: Set<String> = [
    "Prescott", "Core2", "Katmai", "Coppermine", "Northwood", "Banias", "Atom", "Penryn",
    "Dunnington", "Nehalem", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Nano",
  ]

  /// To be called before the first routine of the library.
  static func choose(in library: UnsafeMutableRawPointer) {
    #if !canImport(ucrt)
      typealias Action = @convention(c) () -> Void
      typealias Name = @convention(c) () -> UnsafePointer<CChar>?
      let set = fk_available_instruction_set()
      guard set != FKInstructionSetPortable, getenv(variable) == nil,
        let name = symbolAddress(library, "openblas_get_corename"),
        let quit = symbolAddress(library, "gotoblas_dynamic_quit"),
        let start = symbolAddress(library, "gotoblas_dynamic_init"),
        let core = unsafeBitCast(name, to: Name.self)(), old.contains(String(cString: core))
      else { return }
      setenv(variable, set == FKInstructionSetAVX512 ? "SkylakeX" : "Haswell", 1)
      unsafeBitCast(quit, to: Action.self)()
      unsafeBitCast(start, to: Action.self)()
      unsetenv(variable)
    #endif
  }
}
