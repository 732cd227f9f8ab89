import CKernels

extension Workspace {
  func contract(_ form: Instruction.ContractionForm) {
    let (a, b, c) = (pointer(form.a), pointer(form.b), pointer(form.target))
    guard let product = form.product else {
      guard let axes = plan.axes.baseAddress else { return }
      fk_contract(
        axes + form.loops, Int32(form.count), form.alpha, a, b,
        form.beta == 0 ? 0 : 1, c)
      return
    }
    guard form.count > 0 else { return multiply(product, form, a, b, form.beta, c) }
    // Counted in doubles, since that is what the scratch memory holds.
    let counters = scratch
    for position in 0..<form.count { counters[position] = 0 }
    var (i, j, k) = (0, 0, 0)
    while true {
      // The first term of each sum begins anew.
      var isFirst = true
      for position in 0..<form.count where plan.axes[form.loops + position].c == 0 {
        if counters[position] != 0 { isFirst = false }
      }
      multiply(product, form, a + i, b + j, isFirst ? form.beta : 1, c + k)
      var position = form.count - 1
      while position >= 0 {
        let axis = plan.axes[form.loops + position]
        counters[position] += 1
        i += Int(axis.a)
        j += Int(axis.b)
        k += Int(axis.c)
        if counters[position] < Double(axis.size) { break }
        counters[position] = 0
        i -= Int(axis.size * axis.a)
        j -= Int(axis.size * axis.b)
        k -= Int(axis.size * axis.c)
        position -= 1
      }
      if position < 0 { return }
    }
  }

  @inline(__always)
  private func multiply(
    _ product: ContractionPlan.Product, _ form: Instruction.ContractionForm,
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ beta: Double,
    _ c: UnsafeMutablePointer<Double>
  ) {
    let (m, n, k) = (product.rows, product.columns, product.inner)
    let matrices = MatrixProduct(
      library: plan.library, m: m.size, n: n.size, k: k.size, alpha: form.alpha, a: a,
      lda: m.a == 1 ? k.a : m.a,
      transposesA: m.a != 1, b: b, ldb: k.b == 1 ? n.b : k.b, transposesB: k.b != 1, beta: beta,
      c: c, ldc: n.c)
    if product.isSymmetric { matrices.runSymmetric(mirrors: true) } else { matrices.run() }
  }
}
