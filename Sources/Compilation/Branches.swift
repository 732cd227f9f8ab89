/// Finds units between sweeps that need nothing of one another, to be done side by side.
///
/// Units are taken in phases: those that lead to no common unit yet make branches, which are spread
/// over the threads by their cost, the largest first; where they meet, the next phase begins.
struct Branches {
  /// The units in another order, with the branch of each that has one.
  private(set) var units: [Schedule.Unit] = []
  /// How many threads a phase takes at most; 1 where there is none.
  private(set) var width = 1

  private let schedule: Schedule
  private let threads: Int
  /// What BLAS saves of a large operation if it has all threads.
  private let share: Double
  private let costs: [Double]
  private let needs: [Set<Int>]
  private var phases = 0
  /// What is saved, in additions and multiplications one after the other.
  private var saved = 0.0

  /// The least cost that repays a thread, and the least of an operation that BLAS divides well.
  private static let least = Double(1 << 22)
  private static let leastDivided = Double(1 << 24)
  /// The part of several threads that BLAS makes use of.
  private static let useOfThreads = 0.7

  /// nil where BLAS does better to divide each operation.
  ///
  /// - Parameter isAlone: Whether BLAS has one thread anyway.
  static func find(_ schedule: Schedule, threads: Int, isAlone: Bool) -> Branches? {
    guard threads > 1 else { return nil }
    var branches = Branches(schedule, threads, isAlone)
    branches.run()
    return branches.width > 1 && branches.saved > 0 ? branches : nil
  }

  private init(_ schedule: Schedule, _ threads: Int, _ isAlone: Bool) {
    self.schedule = schedule
    self.threads = threads
    share = isAlone ? 0 : Self.useOfThreads * (1 - 1 / Double(threads))
    let values = schedule.values
    costs = schedule.units.map { unit in
      unit.members.reduce(0) {
        $0 + values[$1].libraryOperations(values) + (unit.isPass ? 8 * Double(values[$1].count) : 0)
      }
    }
    needs = schedule.units.map { unit in
      Set(
        unit.members.flatMap { values[$0].operands }.compactMap {
          schedule.unitOf[schedule.base($0)]
        })
    }
  }

  private mutating func run() {
    var position = 0
    while position < schedule.units.count {
      var end = position
      while end < schedule.units.count, schedule.units[end].sweep == nil { end += 1 }
      place(Array(position..<end))
      position = end
      while position < schedule.units.count, schedule.units[position].sweep != nil {
        keep(position)
        position += 1
      }
    }
  }

  private mutating func keep(_ unit: Int) {
    units.append(schedule.units[unit])
    saved -= savedByLibrary(unit)
  }

  /// What BLAS on one thread does not save.
  private func savedByLibrary(_ unit: Int) -> Double {
    schedule.units[unit].members.reduce(0) {
      let operations = schedule.values[$1].libraryOperations(schedule.values)
      return $0 + (operations >= Self.leastDivided ? share * operations : 0)
    }
  }

  private mutating func place(_ region: [Int]) {
    var remaining = region[...]
    while let first = remaining.first {
      let (groups, rest) = independent(remaining)
      let lanes = spread(groups)
      if lanes.count > 1 {
        for (index, lane) in lanes.enumerated() {
          for unit in lane {
            var placed = schedule.units[unit]
            placed.branch = Schedule.Branch(phase: phases, lane: index)
            units.append(placed)
          }
        }
        let totals = lanes.map(cost)
        saved += totals.reduce(0, +) - (totals.max() ?? 0)
        saved -= lanes.joined().reduce(0) { $0 + savedByLibrary($1) }
        width = max(width, lanes.count)
        phases += 1
        remaining = rest[...]
      } else {
        keep(first)
        remaining.removeFirst()
      }
    }
  }

  private func cost(_ units: [Int]) -> Double { units.reduce(0) { $0 + costs[$1] } }

  /// The units that lead to no common one, and those that wait for several of them.
  private func independent(_ region: ArraySlice<Int>) -> (groups: [[Int]], rest: [Int]) {
    var groups: [[Int]] = []
    var rest: [Int] = []
    var groupOf: [Int: Int] = [:]
    let inRegion = Set(region)
    for unit in region {
      let own = needs[unit].intersection(inRegion).subtracting([unit])
      let found = Set(own.map { groupOf[$0] ?? -1 })
      if found.count > 1 || found.contains(-1) {
        rest.append(unit)
        continue
      }
      let group = found.first ?? groups.count
      if group == groups.count { groups.append([]) }
      groups[group].append(unit)
      groupOf[unit] = group
    }
    return (groups, rest)
  }

  /// Spreads groups over threads; fewer lanes than two where that does not repay.
  private func spread(_ groups: [[Int]]) -> [[Int]] {
    guard groups.count > 1 else { return [] }
    var lanes = [[Int]](repeating: [], count: threads)
    for group in groups.sorted(by: { cost($0) > cost($1) }) {
      guard let least = lanes.indices.min(by: { cost(lanes[$0]) < cost(lanes[$1]) }) else {
        return []
      }
      lanes[least] += group
    }
    let worthwhile = lanes.count { cost($0) >= Self.least }
    guard worthwhile > 1 else { return [] }
    return lanes.filter { !$0.isEmpty }.map { $0.sorted() }
  }
}
