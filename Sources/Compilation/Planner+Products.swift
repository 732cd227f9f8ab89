import CKernels

/// Products of matrices, Kronecker products and contractions.
extension Planner {
  mutating func kronecker(
    _ index: Int, _ value: Value, _ factors: [Value.KroneckerFactor], _ beta: Double
  ) {
    begin(index, value)
    let (a, b) = (values[value.operands[0]], values[value.operands[1]])
    instructions.append(
      .kronecker(
        Instruction.KroneckerForm(
          m: a.rows, n: a.columns, p: b.rows, q: b.columns, terms: terms.count,
          count: factors.count, beta: beta, target: address(index))))
    for (position, factor) in factors.enumerated() {
      let (left, right) = (value.operands[2 * position], value.operands[2 * position + 1])
      terms.append(
        KroneckerTerm(
          alpha: factor.alpha, commutes: factor.commutes, a: address(left),
          aRows: values[left].rows, b: address(right),
          bRows: values[right].rows))
    }
  }

  mutating func contraction(_ index: Int, _ value: Value, _ form: Contraction) {
    begin(index, value)
    let target = address(index)
    if form.clears {
      instructions.append(.fill(value: 0, target: target, count: value.count))
    }
    let plan = ContractionPlan(form)
    let (a, b) = (address(value.operands[0]), address(value.operands[1]))
    instructions.append(
      .contract(
        Instruction.ContractionForm(
          alpha: form.alpha, beta: form.clears ? 1 : form.beta, product: plan.product,
          loops: axes.count, count: plan.loops.count, a: plan.exchanges ? b : a,
          b: plan.exchanges ? a : b, target: target)))
    axes += plan.loops.map {
      FKAxis(size: Int64($0.size), a: Int64($0.a), b: Int64($0.b), c: Int64($0.c))
    }
  }

  mutating func product(_ index: Int, _ value: Value, _ form: Value.ProductForm) {
    begin(index, value)
    let (a, b) = (value.operands[0], value.operands[1])
    let isTotal = schedule.blocking.kinds[index] == .total
    if let (matrix, vector, transposes) = matrixTimesVector(value, form) {
      instructions.append(
        .gemv(
          Instruction.GEMV(
            m: extents(matrix, false).rows, n: extents(matrix, false).columns, alpha: form.alpha,
            a: place(matrix),
            transposes: transposes, x: address(vector), beta: form.beta, y: address(index),
            accumulates: isTotal,
            structure: inSweep || form.beta != 0 ? .general : matrix == a ? form.left : form.right))
      )
      return
    }
    if !inSweep, form.beta == 0, form.left != .general || form.right != .general {
      trmm(index, value, form)
      return
    }
    let (rows, inner) = extents(a, form.transposesLeft)
    let (_, columns) = extents(b, form.transposesRight)
    instructions.append(
      .gemm(
        Instruction.GEMM(
          m: rows, n: columns, k: inner, alpha: form.alpha, a: place(a),
          transposesA: form.transposesLeft, b: place(b),
          transposesB: form.transposesRight, beta: form.beta, c: place(index),
          accumulates: isTotal, isSymmetric: form.isSymmetric || isCongruence(value, form))))
  }

  mutating func trmm(_ index: Int, _ value: Value, _ form: Value.ProductForm) {
    let (a, b) = (value.operands[0], value.operands[1])
    let isLeft = form.left != .general
    instructions.append(
      .trmm(
        Instruction.TRMM(
          m: value.rows, n: value.columns, alpha: form.alpha, isLeft: isLeft,
          isLower: (isLeft ? form.left : form.right) == .lower, a: place(isLeft ? a : b),
          transposesA: isLeft ? form.transposesLeft : form.transposesRight,
          b: place(isLeft ? b : a),
          transposesB: isLeft ? form.transposesRight : form.transposesLeft, c: address(index))))
  }

  /// A product with a column on the right, or a row on the left, as matrix, vector and whether
  /// the matrix is transposed.
  func matrixTimesVector(
    _ value: Value, _ form: Value.ProductForm
  ) -> (Int, Int, Bool)? {
    ProductPairs.matrixTimesVector(value, form, values)
  }

  /// X'*X, and X'*diag(v)*X, are symmetric.
  func isCongruence(_ value: Value, _ form: Value.ProductForm) -> Bool {
    guard form.beta == 0, form.transposesLeft != form.transposesRight else { return false }
    let (a, b) = (uncopied(value.operands[0]), uncopied(value.operands[1]))
    if a == b { return true }
    for (x, y) in [(a, b), (b, a)] {
      guard case .binary(FKBinaryMultiply) = values[y].operation,
        values[y].operands.contains(x),
        let factor = values[y].operands.first(where: { $0 != x })
      else { continue }
      // Scaled along the dimension that the product sums over.
      let weights = values[factor]
      if weights.isScalar { return true }
      if form.transposesLeft ? weights.columns == 1 : weights.rows == 1 { return true }
    }
    return false
  }

  /// What a value is a copy of, in another precision.
  func uncopied(_ index: Int) -> Int {
    values[index].operation == .unary(FKUnaryCopy) ? values[index].operands[0] : index
  }

  mutating func writePair(_ first: Int, _ second: Int) {
    guard let (matrix, x, transposes) = ProductPairs.parts(values[first], values),
      let (_, u, _) = ProductPairs.parts(values[second], values),
      case .product(let one) = values[first].operation,
      case .product(let two) = values[second].operation
    else { return }
    // y = alpha*A*x and z = beta*A'*u.
    let a = values[matrix]
    instructions.append(
      .gemvPair(
        Instruction.GEMVPair(
          m: a.rows, n: a.columns, a: address(matrix), x: address(transposes ? u : x),
          y: address(transposes ? second : first), u: address(transposes ? x : u),
          z: address(transposes ? first : second), alpha: transposes ? two.alpha : one.alpha,
          beta: transposes ? one.alpha : two.alpha)))
  }
}
