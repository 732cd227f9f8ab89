import CKernels
import Evaluation

/// Runs the instructions of a plan. Nothing here allocates, but for what the evaluator computes.
extension Workspace {
  func execute() throws(EvaluationError) {
    warnings.removeAll(keepingCapacity: true)
    var position = 0
    let instructions = plan.instructions
    while position < instructions.count {
      if case .loop(let end, let count, let size) = instructions[position] {
        let sweep = Sweep(instructions: (position + 1)..<end, samples: 0..<count, block: size)
        if plan.parts == 1 { try run(sweep) } else { try runInParts(sweep) }
        position = end
      } else if case .branches(let first, let count, let end) = instructions[position] {
        try runBranches(first, count, end)
        position = end
      } else {
        try execute(instructions[position], starts: true)
        position += 1
      }
    }
  }

  /// Runs the instructions of a sweep over its samples, block by block.
  func run(_ sweep: Sweep) throws(EvaluationError) {
    let instructions = plan.instructions
    sample = sweep.samples.lowerBound
    samples = sweep.samples.upperBound
    defer { sample = 0 }
    while sample < samples {
      block = min(sweep.block, samples - sample)
      for position in sweep.instructions {
        try execute(instructions[position], starts: sample == sweep.samples.lowerBound)
      }
      sample += block
    }
  }

  @inline(__always)
  func execute(_ instruction: Instruction, starts: Bool) throws(EvaluationError) {
    switch instruction {
    case .loop, .branches: break
    case .combine(let reduction, let source, let target, let count, let state):
      if let state {
        combine(source, relativeTo: state, target, count)
      } else {
        combine(reduction, source, target, count)
      }
    case .follow(let maximum, let state): follow(pointer(maximum)[0], pointer(state), starts)
    case .rescale(let target, let count, let state):
      let factor = pointer(state)[2]
      guard !starts, factor != 1 else { return }
      if target.isNarrow {
        fk_narrow_combine(Int64(count), factor, floats(target), 0, floats(target))
      } else {
        fk_scale(factor, pointer(target), Int64(count))
      }
    case .pass(let index, let first, let rows, let columns):
      pass(index, first, count(rows), count(columns), starts)
    case .gemm(let form) where form.isSingle: gemm(form, starts, of: Float.self)
    case .gemm(let form): gemm(form, starts, of: Double.self)
    case .gemv(let form): gemv(form, starts)
    case .gemvPair(let form): gemvPair(form)
    case .norm(let x, let count, let result):
      pointer(result)[0] = fk_norm(pointer(x), Int64(count))
    case .copy(let form):
      fk_convert(
        Int64(count(form.rows)), Int64(count(form.columns)), form.source.isNarrow ? 1 : 0,
        pointer(form.source), Int64(distance(form.sourceRow)),
        Int64(distance(form.sourceColumn)), form.target.isNarrow ? 1 : 0, pointer(form.target),
        Int64(distance(form.targetRow)), Int64(distance(form.targetColumn)))
    case .addDiagonal(let order, let entries, let stride, let target):
      let (source, diagonal) = (pointer(entries), pointer(target))
      for i in 0..<order { diagonal[i * (order + 1)] += source[i * stride] }
    case .fill(let value, let target, let count): fk_fill(value, pointer(target), Int64(count))
    case .triangle(let lower, let rows, let columns, let source, let target):
      triangle(lower, rows, columns, pointer(source), pointer(target))
    case .kronecker(let form): kronecker(form)
    case .contract(let form): contract(form)
    case .patches(let form): patches(form)
    case .factor(let form): try factor(form)
    case .logdet(let form, let isOfDeterminant, let result):
      try logdet(form, isOfDeterminant: isOfDeterminant, pointer(result))
    case .solve(let form): solve(form)
    case .triangular(let form): try triangular(form)
    case .trmm(let form) where form.isSingle: trmm(form, of: Float.self)
    case .trmm(let form): trmm(form, of: Double.self)
    case .reference(let index): try reference(plan.references[index])
    }
  }

  @inline(__always)
  private func pass(_ index: Int, _ first: Int, _ rows: Int, _ columns: Int, _ starts: Bool) {
    let pass = plan.passes.baseAddress.unsafelyUnwrapped + index
    for slot in 0..<plan.slotCounts[index] { slots[slot] = pointer(plan.slots[first + slot]) }
    fk_run_pass_parallel(
      pass, slots, Int64(rows), Int64(columns), scratch, starts ? 1 : 0, threads)
  }

  private func gemv(_ form: Instruction.GEMV, _ starts: Bool) {
    let (m, n) = (Int64(count(form.m)), Int64(count(form.n)))
    let beta = form.accumulates ? (starts ? 0 : 1) : form.beta
    let (a, lda) = (pointer(form.a.address), Int64(leading(form.a)))
    switch form.structure {
    case .symmetric:
      fk_symv(n, form.alpha, pointer(form.a.address), lda, pointer(form.x), pointer(form.y))
      return
    case .lower, .upper:
      fk_trmv(
        form.structure == .lower ? 1 : 0, form.transposes ? 1 : 0, n, form.alpha,
        pointer(form.a.address), lda, pointer(form.x), pointer(form.y))
      return
    case .general, .diagonal: break
    }
    if form.a.address.isNarrow {
      let (a, x, y) = (floats(form.a.address), pointer(form.x), pointer(form.y))
      if form.transposes {
        fk_narrow_gemv_transposed(m, n, form.alpha, a, lda, x, beta, y)
      } else {
        fk_narrow_gemv(m, n, form.alpha, a, lda, x, beta, y)
      }
    } else {
      fk_gemv_parallel(
        threads, form.transposes ? 1 : 0, m, n, form.alpha, a, lda, pointer(form.x), beta,
        pointer(form.y))
    }
  }

  private func gemvPair(_ form: Instruction.GEMVPair) {
    let (m, n) = (Int64(form.m), Int64(form.n))
    let (x, y, u, z) = (pointer(form.x), pointer(form.y), pointer(form.u), pointer(form.z))
    if form.a.isNarrow {
      fk_narrow_gemv_pair(m, n, floats(form.a), m, form.alpha, x, y, form.beta, u, z)
    } else {
      fk_gemv_pair_parallel(
        threads, m, n, pointer(form.a), m, form.alpha, x, y, form.beta, u, z, scratch)
    }
  }

  private func gemm<Number: DenseNumber>(
    _ form: Instruction.GEMM, _ starts: Bool, of type: Number.Type
  ) {
    let product = MatrixProduct(
      library: plan.library, m: count(form.m), n: count(form.n), k: count(form.k),
      alpha: form.alpha, a: numbers(form.a.address, type), lda: leading(form.a),
      transposesA: form.transposesA, b: numbers(form.b.address, type), ldb: leading(form.b),
      transposesB: form.transposesB, beta: form.accumulates ? (starts ? 0 : 1) : form.beta,
      c: numbers(form.c.address, type), ldc: leading(form.c))
    guard form.isSymmetric else { return product.run() }
    product.runSymmetric(mirrors: !form.accumulates || sample + block >= samples)
  }

  private func triangle(
    _ lower: Bool, _ rows: Int, _ columns: Int, _ source: UnsafeMutablePointer<Double>,
    _ target: UnsafeMutablePointer<Double>
  ) {
    for j in 0..<columns {
      for i in 0..<rows {
        target[i + j * rows] = (lower ? i >= j : i <= j) ? source[i + j * rows] : 0
      }
    }
  }

  private func kronecker(_ form: Instruction.KroneckerForm) {
    withUnsafeTemporaryAllocation(of: FKKroneckerTerm.self, capacity: form.count) { terms in
      for position in 0..<form.count {
        let term = plan.terms[form.terms + position]
        terms.initializeElement(
          at: position,
          to: FKKroneckerTerm(
            alpha: term.alpha, a: pointer(term.a), b: pointer(term.b), aRow: 1,
            aColumn: Int64(term.aRows), bRow: 1, bColumn: Int64(term.bRows),
            commutes: term.commutes ? 1 : 0))
      }
      fk_kronecker(
        Int64(form.m), Int64(form.n), Int64(form.p), Int64(form.q), terms.baseAddress,
        Int32(form.count), form.beta, pointer(form.target), Int64(form.m * form.p))
    }
  }
}
