/// Factorizations, and what is divided by them or by triangular matrices.
extension Planner {
  mutating func factorForm(_ factor: Int, isCholesky: Bool) -> Instruction.FactorForm {
    let order = values[factor].rows
    let place = pivots[factor] ?? pivotCount
    if pivots[factor] == nil {
      pivots[factor] = place
      pivotCount += order
    }
    return Instruction.FactorForm(
      isCholesky: isCholesky, order: order, source: address(values[factor].operands[0]),
      factors: address(factor), pivots: place, origin: origins[values[factor].operands[0]],
      divides: divisors.contains(factor))
  }

  mutating func triangular(
    _ task: Instruction.TriangularForm.Task, _ index: Int, _ value: Value,
    _ structure: Value.Structure, _ transposes: Bool
  ) {
    let matrix = value.operands[0]
    instructions.append(
      .triangular(
        Instruction.TriangularForm(
          task: task, structure: structure, transposes: transposes, order: values[matrix].rows,
          matrix: address(matrix), right: address(value.operands[value.operands.count - 1]),
          columns: value.columns, target: address(index), origin: origins[index])))
  }

  mutating func factor(_ index: Int, _ value: Value) {
    instructions.append(
      .factor(factorForm(index, isCholesky: value.operation == .factor(.cholesky))))
  }
}
