/// Finds the number of a node that a graph holds: open addressing over numbers alone, so that no node
/// is stored, hashed or compared more often than it must be.
struct NodeTable {
  /// Numbers of records; negative where a slot is free. The count is a power of two.
  private var slots = [Int32](repeating: -1, count: 1024)
  /// Of each record.
  private var fingerprints: [UInt64] = []

  init() { fingerprints.reserveCapacity(512) }

  /// The number of the node with this fingerprint for which `isEqual` says so.
  @inline(__always)
  func find(_ fingerprint: UInt64, _ isEqual: (Int) -> Bool) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: fingerprint) & mask
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if fingerprints[number] == fingerprint, isEqual(number) { return number }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds the next record.
  mutating func append(_ fingerprint: UInt64) {
    fingerprints.append(fingerprint)
    if 2 * fingerprints.count > slots.count {
      slots = [Int32](repeating: -1, count: 2 * slots.count)
      for number in fingerprints.indices { place(number) }
    } else {
      place(fingerprints.count - 1)
    }
  }

  private mutating func place(_ number: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: fingerprints[number]) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(number)
  }
}

extension Node {
  /// A number that equal nodes share, and different ones hardly ever; applications of several
  /// operations to the same operands do.
  var fingerprint: UInt64 {
    var mixer = Mixer()
    switch self {
    case .symbol(let number):
      mixer.add(1)
      mixer.add(number)
    case .number(let value):
      mixer.add(2)
      mixer.add(value)
    case .pi: mixer.add(3)
    case .dimension(let dim):
      mixer.add(4)
      mixer.add(dim)
    case .zero(let shape):
      mixer.add(5)
      mixer.add(shape.rows)
      mixer.add(shape.columns)
    case .identity(let n):
      mixer.add(6)
      mixer.add(n)
    case .ones(let n):
      mixer.add(7)
      mixer.add(n)
    case .unit(let n, let position):
      mixer.add(8)
      mixer.add(n)
      mixer.add(position)
    case .sum(let terms):
      mixer.add(9)
      for term in terms {
        mixer.add(Int(term.expr.id))
        mixer.add(term.coefficient)
      }
    case .product(let p):
      mixer.add(10)
      mixer.add(p.coefficient)
      mixer.add(p.scalars)
      for e in p.chain { mixer.add(Int(e.id)) }
    case .hadamard(let factors):
      mixer.add(11)
      mixer.add(factors)
    case .apply(_, let operands, let parameters):
      mixer.add(12)
      for e in operands { mixer.add(Int(e.id)) }
      for dim in parameters { mixer.add(dim) }
    }
    return mixer.result
  }
}

/// Multiplies and folds, one number after the other.
private struct Mixer {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  var result: UInt64 { state ^ (state >> 29) }

  mutating func add(_ value: Int) {
    let product = (state ^ UInt64(bitPattern: Int64(value))).multipliedFullWidth(
      by: 0xD6E8_FEB8_6659_FD93)
    state = product.low ^ product.high
  }

  mutating func add(_ number: Number) {
    switch number {
    case .rational(let p, let q):
      add(p)
      if q != 1 { add(q) }
    case .real(let x): add(x == 0 ? 0 : Int(truncatingIfNeeded: x.bitPattern))
    }
  }

  mutating func add(_ factors: [Factor]) {
    for factor in factors {
      add(Int(factor.base.id))
      add(factor.exponent)
    }
  }

  mutating func add(_ dim: Dim) {
    switch dim {
    case .literal(let n): add(n)
    case .name(let name): add(name)
    case .polynomial(let p):
      for term in p.terms {
        add(term.coefficient)
        for factor in term.factors {
          add(factor.name)
          add(factor.exponent)
        }
      }
    }
  }

  private mutating func add(_ name: String) {
    for byte in name.utf8 { add(Int(byte)) }
  }
}
