#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

func exponentiate(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
